// Linear: a straight line from one factor to another.
//
// Factor   from + (to - from) t/length, and to after that
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Linear {
  static constexpr std::string_view name = "linear", title = "a straight line between two factors";
  Amount from = 1;
  Amount to = 0;
  BASIN_KNOBS(from, to)
  double at(double t, double length) const { return t < length ? from + (to - from) * t / length : to.value; }
};
static_assert(ScheduleShape<Linear>);

}  // namespace basin::schedules
