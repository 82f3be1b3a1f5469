// What `compare` and `train` are asked to do: as typed, and checked.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "basin/study/design.hpp"
#include "basin/study/trial.hpp"
#include "cli/verb.hpp"

namespace basin::cli {

// The text of each option; absent where it was not given.
struct ExperimentArguments {
  std::string problem = "fmnist-cnn";
  std::string optimizers, batch_size = "64", init = "default", normalize = "on", design = "ofat", seeds = "1",
                          seed = "1", threads = "1", checkpoint_every = "30", stalled_after = "1800";
  std::optional<std::string> lr, clip, epochs, train_size, micro_batch, jobs, patience, plateau, out, worker,
      data_dir;
  std::vector<std::string> set, schedules, regularize, augment, groups;
  bool resume = false, dry_run = false, json = false;
};

// Stands among the batch sizes for one of all examples, until it is known how many there are.
inline constexpr std::int64_t full_batch = 0;

struct ExperimentOptions {
  std::string problem;
  study::Arms arms;
  std::string design = "ofat";
  std::optional<int> epochs;  // the problem's own where absent
  std::optional<std::int64_t> train_size;
  std::int64_t micro_batch = 0;  // 0 for whole batches
  int seeds = 1;
  std::uint64_t seed = 1;
  std::optional<study::Patience> patience;
  std::optional<study::Plateau> plateau;
  int threads = 1;
  std::optional<int> jobs;       // all cores where absent
  double checkpoint_every = 30;  // seconds
  double stalled_after = 1800;   // seconds; 0 for never
  std::optional<std::filesystem::path> out, worker, data_dir;
  bool resume = false, dry_run = false, json = false;
  std::string command;  // that repeats it
};

// The options of whatever trains a network: `compare`, `train`, `lr-find`.
void declare_training(CLI::App& app, ExperimentArguments& arguments);
// And with them those that `compare` and `train` have alike.
void declare_common(CLI::App& app, ExperimentArguments& arguments);

// `compare` takes lists; `train` and `lr-find` want one value of each.
enum class Lists { allowed, refused };

// Looks at nothing but the text: names, numbers, ranges. Throws InputError, which names the option.
ExperimentOptions checked(const ExperimentArguments& arguments, Lists lists);

}  // namespace basin::cli
