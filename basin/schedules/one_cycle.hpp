// One cycle: half a cosine wave up to 1, and another down to far below the start.
//
// Paper    Smith & Topin, Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
//          Rates, 2018
// Factor   1/div at the first step, 1 at warmup length - 1, 1/div/final_div at the last, half waves in
//          between
// Departs  follows PyTorch's OneCycleLR: waves where the paper has lines, and momentum stays constant
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct OneCycle {
  static constexpr std::string_view name = "one_cycle", title = "half a wave up to 1, then far down";
  Shrink warmup = 0.3;
  Limit div = 25;
  Limit final_div = 1e4;
  BASIN_KNOBS(warmup, div, final_div)
  double at(double t, double length) const {
    const double top = warmup * length - 1, last = length - 1;
    if (t <= top) return wave(1 / div, 1, top > 0 ? t / top : 1);
    return wave(1, 1 / (div * final_div), std::fmin(1, (t - top) / (last - top)));
  }

 private:
  static double wave(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + std::cos(pi * share));
  }
};
static_assert(ScheduleShape<OneCycle>);

}  // namespace basin::schedules
