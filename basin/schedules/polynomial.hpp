// Polynomial: a power of the remaining fraction.
//
// Factor   floor + (1 - floor) (1 - t/length)^power, and floor after that
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Polynomial {
  static constexpr std::string_view name = "polynomial", title = "a power of the remaining fraction";
  Positive power = 1;
  Fraction floor = 0;
  BASIN_KNOBS(power, floor)
  double at(double t, double length) const {
    return t < length ? floor + (1 - floor) * std::pow(1 - t / length, power) : floor.value;
  }
};
static_assert(ScheduleShape<Polynomial>);

}  // namespace basin::schedules
