// Cyclic with exponential decay: up and down in straight lines, with a height that shrinks at every step.
//
// Paper    Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017, section 3.1 (exp_range)
// Factor   floor + (1 - floor) gamma^(t/every) h,  h from 0 to 1 in `up` steps and back in `up` more
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct CyclicExp {
  static constexpr std::string_view name = "cyclic_exp", title = "up and down, lower with every step";
  Span up = per_epoch;
  Fraction floor = 0.1;
  Positive gamma = 0.9;
  Span every = per_epoch;
  BASIN_KNOBS(up, floor, gamma, every)
  double at(double t, double) const {
    const double within = std::fmod(t / up, 2);
    return floor + (1 - floor) * std::pow(gamma, t / every) * (within < 1 ? within : 2 - within);
  }
};
static_assert(ScheduleShape<CyclicExp>);

}  // namespace basin::schedules
