// Inverse time: the schedule of stochastic approximation.
//
// Paper    Robbins & Monro, A Stochastic Approximation Method, 1951
// Factor   1 / (1 + decay t/every)
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct InverseTime {
  static constexpr std::string_view name = "inverse_time", title = "1 / (1 + decay t)";
  Positive decay = 1;
  Span every = per_epoch;
  BASIN_KNOBS(decay, every)
  double at(double t, double) const { return 1 / (1 + decay * t / every); }
};
static_assert(ScheduleShape<InverseTime>);

}  // namespace basin::schedules
