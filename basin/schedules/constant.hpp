// Constant: a fixed factor.
//
// Factor   f
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Constant {
  static constexpr std::string_view name = "constant", title = "a constant factor";
  Positive factor = 1;
  BASIN_KNOBS(factor)
  double at(double, double) const { return factor; }
};
static_assert(ScheduleShape<Constant>);

}  // namespace basin::schedules
