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
  // `file` is what it says is locked. It gives up ten seconds after `stop` became anything but 0.
  LockWait(std::string file, const std::atomic<int>& stop);

  // What study::WhileLocked asks.
  bool operator()(std::chrono::milliseconds waited);

  std::function<void(const std::string& line)> say;  // empty: it prints to standard error

 private:
  std::string file_;
  const std::atomic<int>& stop_;
  bool said_ = false;
  std::optional<std::chrono::milliseconds> stopped_;  // how long it had waited then
};

}  // namespace basin::cli
