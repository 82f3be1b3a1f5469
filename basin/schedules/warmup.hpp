// Warmup: a straight line from a small factor to 1, so that the first steps, when little is known, are small.
//
// Paper    Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017, section 2.2
// Factor   from + (1 - from) t/length, and 1 after that
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Warmup {
  static constexpr std::string_view name = "warmup", title = "a straight line up to 1";
  Amount from = 0.01;
  BASIN_KNOBS(from)
  double at(double t, double length) const { return t < length ? from + (1 - from) * t / length : 1; }
};
static_assert(ScheduleShape<Warmup>);

}  // namespace basin::schedules
