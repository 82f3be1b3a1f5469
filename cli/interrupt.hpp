// Ctrl-C: the first asks for a clean stop, a second one ends the process at once.
#pragma once
#include <stop_token>
#include <thread>

namespace basin::cli {

// Handles SIGINT, SIGTERM and SIGHUP while it lives, except those that were ignored when the command started,
// as under nohup. Only one may exist at a time.
class Interrupt {
 public:
  // Throws Error if a pipe cannot be made.
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  ~Interrupt();
  // A stop is requested soon after the first signal, which also wakes a blocking call.
  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  // A signal handler may write to a pipe, but not request a stop. This thread waits at the other end.
  std::thread listener_;
};

}  // namespace basin::cli
