#include "cli/slow_notice.hpp"

#include <fmt/format.h>

namespace basin::cli {

SlowNotice::SlowNotice(std::string line, std::FILE* out, std::chrono::milliseconds limit)
    : waiter_([this, line = std::move(line), out, limit] {
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, limit, [this] { return over_; })) return;
        fmt::print(out, "{}\n", line);
        std::fflush(out);
      }) {}

SlowNotice::~SlowNotice() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  waiter_.join();
}

}  // namespace basin::cli
