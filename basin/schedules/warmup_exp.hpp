// Exponential warmup: grows from a small factor to 1 by equal ratios.
//
// Factor   from^(1 - t/length), and 1 after that
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct WarmupExp {
  static constexpr std::string_view name = "warmup_exp", title = "equal ratios up to 1";
  Positive from = 0.01;
  BASIN_KNOBS(from)
  double at(double t, double length) const { return t < length ? std::pow(from, 1 - t / length) : 1; }
};
static_assert(ScheduleShape<WarmupExp>);

}  // namespace basin::schedules
