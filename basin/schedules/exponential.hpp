// Exponential: decays by the same ratio in every span.
//
// Factor   gamma^(t/every)
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct Exponential {
  static constexpr std::string_view name = "exponential", title = "the same ratio in every span";
  Positive gamma = 0.95;
  Span every = per_epoch;
  BASIN_KNOBS(gamma, every)
  double at(double t, double) const { return std::pow(gamma, t / every); }
};
static_assert(ScheduleShape<Exponential>);

}  // namespace basin::schedules
