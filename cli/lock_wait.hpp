// Waits while another program locks the store, however long that takes, and says so once each time.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace basin::cli {

class LockWait {
 public:
  // It gives up ten seconds after `stop` became anything but 0.
  explicit LockWait(const std::atomic<int>& stop) : stop_(stop) {}

  // What study::WhileLocked asks.
  bool operator()(std::chrono::milliseconds waited);

  std::string file = "the study";                    // what it says is locked
  std::function<void(const std::string& line)> say;  // empty: it prints to standard error

 private:
  const std::atomic<int>& stop_;
  bool said_ = false;
  std::optional<std::chrono::milliseconds> stopped_;  // how long it had waited then
};

}  // namespace basin::cli
