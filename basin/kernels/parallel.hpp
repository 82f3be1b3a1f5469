// Cuts work into parts for threads.
#pragma once
#include <algorithm>
#include <functional>

#include "basin/kernels/driver.hpp"
#include "basin/kernels/subnormal.hpp"

namespace basin::kernels {

// Returns the bytes that a step of this rule moves for so many weights of type T: weight, gradient and slots;
// all but the gradient are also written.
template <class T>
std::size_t bytes_of_step(const AnyRule& rule, std::size_t weights) {
  const auto slots = static_cast<std::size_t>(std::ranges::count(rule.info().extents, Extent::weight));
  return weights * sizeof(T) * (3 + 2 * slots);
}

// Calls task(begin, end) for parts of [0, count) that begin at multiples of `grain`, with subnormals flushed.
// `bytes` is for the whole step, even if this is one of several passes: threads that have just worked need no
// waking.
template <class Task>
void in_parts(std::size_t count, std::size_t bytes, std::size_t grain, const Execution& how,
              const Task& task) {
  const std::size_t parts = how.parallel ? std::min(how.threads, bytes / how.bytes_a_thread) : 1;
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
