// Waits as long as another program locks the store, and tells the observer once each time.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>

#include "basin/app/observer.hpp"

namespace basin::app {

class LockWait {
 public:
  // Gives up ten seconds after a stop was requested.
  LockWait(Observer& observer, std::stop_token stop) : observer_(observer), stop_(std::move(stop)) {}

  // The callback for study::WhileLocked.
  bool operator()(std::chrono::milliseconds waited);

  std::filesystem::path file = "the study";  // the locked store

 private:
  Observer& observer_;
  std::stop_token stop_;
  bool told_ = false;
  std::optional<std::chrono::milliseconds> stopped_;  // how long it had waited then
};

}  // namespace basin::app
