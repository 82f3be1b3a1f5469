// Mean and standard deviation of numbers, summed in double in their order.
#pragma once
#include <cmath>
#include <cstddef>

namespace basin::data {

struct Spread {
  double mean = 0, sd = 1;  // sd is 1 for numbers that are all equal, and for none
};

// Returns those of at(0), ... at(count - 1), over n = count.
template <class At>
Spread spread_of(std::size_t count, At at) {
  Spread out;
  if (count == 0) return out;
  const auto n = static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) out.mean += double{at(i)} / n;
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) squares += (double{at(i)} - out.mean) * (double{at(i)} - out.mean);
  if (squares > 0) out.sd = std::sqrt(squares / n);
  return out;
}

}  // namespace basin::data
