// One parameter of a search, as the analysis sees it: where its values lie, and on which scale.
#pragma once
#include <cmath>
#include <cstddef>

#include "basin/core/domain.hpp"

namespace basin::analysis {

struct Axis {
  double low = 0,
         high = 1;  // both ends belong to it; on a log scale low > 0, on a complement-log one high < 1
  Scale scale = Scale::linear;
  bool integer = false;
  std::size_t choices = 0;  // more than 0: a category, whose values are the indices of its choices
};

// Returns a value on a scale where distances count, rising with the value: itself, ln v, or -ln(1 - v).
inline double on_scale(Scale scale, double value) {
  switch (scale) {
    case Scale::log:
      return std::log(value);
    case Scale::complement_log:
      return -std::log1p(-value);
    case Scale::linear:
      break;
  }
  return value;
}

// Returns where a value lies between the ends on the scale of its axis: 0 at the low one, 1 at the high one.
inline double place_on(const Axis& axis, double value) {
  const double low = on_scale(axis.scale, axis.low), high = on_scale(axis.scale, axis.high);
  return high > low ? (on_scale(axis.scale, value) - low) / (high - low) : 0.5;
}

}  // namespace basin::analysis
