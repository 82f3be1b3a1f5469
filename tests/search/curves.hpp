// Curves for tests of pruners.
#pragma once
#include <initializer_list>
#include <limits>

#include "basin/search/pruner.hpp"

namespace basin::search {

inline constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// A trial that reported `values` at 1/steps, 2/steps, ... of its schedule.
inline Curve curve(int steps, std::initializer_list<double> values, int number = 0) {
  Curve out{.number = number};
  for (const double value : values)
    out.points.emplace_back(static_cast<double>(out.points.size() + 1) / steps, value);
  out.complete = static_cast<int>(values.size()) == steps;
  return out;
}

}  // namespace basin::search
