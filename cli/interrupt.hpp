// Ctrl-C: the first asks for a clean stop, a second one ends the process at once.
#pragma once
#include <atomic>

namespace basin::cli {

// Handles SIGINT, SIGTERM and SIGHUP while it lives, except those that were ignored when the command started,
// as under nohup. Only one may exist at a time.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  ~Interrupt();
  // Not 0 after the first signal, which also wakes a blocking call.
  const std::atomic<int>& flag() const;
};

}  // namespace basin::cli
