// Cyclic: up and down in straight lines; with decay 0.5, each cycle is half as high as the one before
// (triangular2).
//
// Paper    Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017, section 3.1
// Factor   floor + (1 - floor) decay^n h,  h from 0 to 1 in `up` steps and back in `up` more, n the completed
//          cycles
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Cyclic {
  static constexpr std::string_view name = "cyclic", title = "up and down in straight lines";
  Span up = per_epoch;
  Fraction floor = 0.1;
  Fraction decay = 1;
  BASIN_KNOBS(up, floor, decay)
  double at(double t, double) const {
    const double cycle = std::floor(t / (2 * up)), within = t / up - 2 * cycle;
    return floor + (1 - floor) * std::pow(decay, cycle) * (within < 1 ? within : 2 - within);
  }
};
static_assert(ScheduleShape<Cyclic>);

}  // namespace basin::schedules
