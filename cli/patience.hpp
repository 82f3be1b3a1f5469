// A message about a wait, printed if it takes longer than anyone would wait without one.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

namespace basin::cli {

class Patience {
 public:
  // Prints `line` to `out` unless this object is destroyed before `limit`.
  Patience(std::string line, std::FILE* out, std::chrono::milliseconds limit = std::chrono::seconds(1));
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  ~Patience();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread waiter_;
};

}  // namespace basin::cli
