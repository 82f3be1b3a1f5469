// Measures where the time of a run goes.
#pragma once
#include <chrono>

namespace basin::train {

// Adds the time since its construction, or since the last lap, to one phase after another.
class Stopwatch {
 public:
  void lap(double& phase) {
    const auto now = std::chrono::steady_clock::now();
    phase += std::chrono::duration<double>(now - since_).count();
    since_ = now;
  }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace basin::train
