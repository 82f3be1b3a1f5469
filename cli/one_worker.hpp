// A question to a single worker, for verbs that run no study.
#pragma once
#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "basin/study/pool.hpp"

namespace basin::cli {

// A folder for the worker's log, gone when the work is done.
class LogFolder {
 public:
  // A new one, that no other process has. Throws Error.
  explicit LogFolder(const std::string& verb);
  LogFolder(const LogFolder&) = delete;
  ~LogFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What the pool's worker answers to one message; "data" is added. Nothing when it was interrupted. Throws Error when the
// worker dies or says that it failed.
std::optional<study::Json> ask(study::Pool& pool, study::Json message, const std::atomic<int>& stop);

}  // namespace basin::cli
