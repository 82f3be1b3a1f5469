// Step: decays by a ratio at the end of every span, and is constant in between.
//
// Factor   gamma^floor(t/every)
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Step {
  static constexpr std::string_view name = "step", title = "a ratio at the end of every span";
  Span every = 10 * per_epoch;
  Positive gamma = 0.1;
  BASIN_KNOBS(every, gamma)
  double at(double t, double) const { return std::pow(gamma, std::floor(t / every)); }
};
static_assert(ScheduleShape<Step>);

}  // namespace basin::schedules
