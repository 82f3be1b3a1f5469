// Asks a single worker, for verbs that run no study.
#pragma once
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "basin/study/pool.hpp"

namespace basin::app {

// A folder for the worker's log, removed by the destructor.
class LogFolder {
 public:
  // Creates a folder that no other process has. Throws Error.
  explicit LogFolder(const std::string& verb);
  LogFolder(const LogFolder&) = delete;
  ~LogFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Returns the answer of the pool's worker to one message, to which "data" is added; nothing if a stop was
// requested. Throws Error if the worker dies or reports a failure.
std::optional<study::Json> ask(study::Pool& pool, study::Json message, std::stop_token stop);

}  // namespace basin::app
