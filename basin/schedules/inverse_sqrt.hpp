// Inverse square root: constant at first, then decays with the root of the elapsed time.
//
// Paper    Vaswani et al., Attention Is All You Need, NeurIPS 2017, eq. 3, without its warmup
// Factor   1 before `after`, then sqrt(after/t)
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct InverseSqrt {
  static constexpr std::string_view name = "inverse_sqrt", title = "constant, then 1 / sqrt(t)";
  Span after = per_epoch;
  BASIN_KNOBS(after)
  double at(double t, double) const { return t < after ? 1 : std::sqrt(after / t); }
};
static_assert(ScheduleShape<InverseSqrt>);

}  // namespace basin::schedules
