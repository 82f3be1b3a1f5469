// Ctrl-C: the first asks for a clean stop, a second one ends the process at once.
#pragma once
#include <atomic>

namespace basin::cli {

// Takes over SIGINT, SIGTERM and SIGHUP as long as it lives, but for those that whoever started the command has ignored, as
// nohup does. One at a time.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  ~Interrupt();
  // Not 0 after the first signal; a blocking call is woken by it.
  const std::atomic<int>& flag() const;
};

}  // namespace basin::cli
