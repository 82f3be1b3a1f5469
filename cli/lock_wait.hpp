// Waits as long as another program locks the store, and says so once each time.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace basin::cli {

class LockWait {
 public:
  // Gives up ten seconds after a stop was requested.
  explicit LockWait(std::stop_token stop) : stop_(std::move(stop)) {}

  // The callback for study::WhileLocked.
  bool operator()(std::chrono::milliseconds waited);

  std::string file = "the study";                    // what the message calls locked
  std::function<void(const std::string& line)> say;  // if empty, prints to standard error

 private:
  std::stop_token stop_;
  bool said_ = false;
  std::optional<std::chrono::milliseconds> stopped_;  // how long it had waited then
};

}  // namespace basin::cli
