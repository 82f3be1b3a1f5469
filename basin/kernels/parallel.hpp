// Cuts work into parts for threads.
#pragma once
#include <algorithm>
#include <functional>

#include "basin/kernels/driver.hpp"
#include "basin/kernels/subnormal.hpp"

namespace basin::kernels {

// Below this many weights a second thread costs more than it brings: a fork and join takes some 10 us.
inline constexpr std::size_t worth_a_thread = 50'000;

// Calls task(begin, end) for parts of [0, count) that begin at multiples of `grain`, with subnormals flushed.
template <class Task>
void in_parts(std::size_t count, std::size_t weights, std::size_t grain, const Execution& how,
              const Task& task) {
  const std::size_t parts = how.parallel ? std::min(how.threads, weights / worth_a_thread) : 1;
  if (parts <= 1) {
    const FlushSubnormals flush;
    return task(std::size_t{0}, count);
  }
  const std::size_t part = (count / parts + grain) / grain * grain;
  const auto run = [&](std::size_t i) {
    const FlushSubnormals flush;
    const std::size_t begin = std::min(count, i * part);
    task(begin, i + 1 == parts ? count : std::min(count, begin + part));
  };
  how.parallel(parts, std::ref(run));  // a reference fits into a std::function without an allocation
}

}  // namespace basin::kernels
