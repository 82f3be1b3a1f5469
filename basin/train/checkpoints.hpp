// The folder in which one run keeps its checkpoints: docs/formats.md, storage/generations.hpp.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "basin/storage/generations.hpp"
#include "basin/train/checkpoint.hpp"
#include "basin/train/fit_options.hpp"
#include "basin/train/watcher.hpp"

namespace basin::train {

// The checkpoints of one run. What goes wrong costs a checkpoint, never the training: the watcher is told.
class Checkpoints {
 public:
  Checkpoints(const CheckpointOptions& options, Watcher& watcher);
  // The last one that is whole; nothing where there is none. Throws InputError for one of another run than
  // `run`; an older basin may have saved less about it.
  std::optional<Checkpoint> load(const std::map<std::string, std::string>& run);
  // Whether it is time for the next one. Costs nothing.
  bool due() const;
  void save(const Checkpoint& checkpoint);

 private:
  const CheckpointOptions& options_;
  Watcher& watcher_;
  storage::Generations generations_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace basin::train
