// Drop: a factor from some step on. The product of several drops is a schedule with milestones.
//
// Factor   1 before `after`, then gamma
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Drop {
  static constexpr std::string_view name = "drop", title = "a factor from a step on";
  Span after = 10 * per_epoch;
  Positive gamma = 0.1;
  BASIN_KNOBS(after, gamma)
  double at(double t, double) const { return t < after ? 1.0 : gamma.value; }
};
static_assert(ScheduleShape<Drop>);

}  // namespace basin::schedules
