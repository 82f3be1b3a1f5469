// Cosine: half a cosine wave from 1 to floor.
//
// Paper    Loshchilov & Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017, eq. 5,
//          without restarts
// Factor   floor + (1 - floor) (1 + cos(pi t/length)) / 2, and floor after that
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Cosine {
  static constexpr std::string_view name = "cosine", title = "half a cosine wave from 1 to floor";
  Fraction floor = 0;
  BASIN_KNOBS(floor)
  double at(double t, double length) const {
    return t < length ? floor + (1 - floor) * (1 + std::cos(pi * t / length)) / 2 : floor.value;
  }
};
static_assert(ScheduleShape<Cosine>);

}  // namespace basin::schedules
