// A message about a wait, printed if it takes longer than anyone would wait without one.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

namespace basin::cli {

class SlowNotice {
 public:
  // Prints `line` to `out` unless this object is destroyed before `limit`.
  SlowNotice(std::string line, std::FILE* out, std::chrono::milliseconds limit = std::chrono::seconds(1));
  SlowNotice(const SlowNotice&) = delete;
  SlowNotice& operator=(const SlowNotice&) = delete;
  ~SlowNotice();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread waiter_;
};

}  // namespace basin::cli
