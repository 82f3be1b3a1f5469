// Cosine with warm restarts: half a cosine wave, repeated, each `growth` times as long as the one before.
//
// Paper    Loshchilov & Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017, eq. 5
// Factor   floor + (1 - floor) (1 + cos(pi s/T)) / 2,  s the steps since the last restart, T the length of
//          this wave
#pragma once
#include "basin/schedules/schedule.hpp"

namespace basin::schedules {

struct CosineRestarts {
  static constexpr std::string_view name = "cosine_restarts", title = "half a cosine wave, repeated";
  Span period = per_epoch;
  Positive growth = 1;
  Fraction floor = 0;
  BASIN_KNOBS(period, growth, floor)
  double at(double t, double) const {
    double wave = period, since = t;
    if (growth == 1) {
      since = std::fmod(t, wave);
    } else {
      // The n-th wave begins at period (growth^n - 1) / (growth - 1); shrinking waves have a last end.
      const double beyond = t / wave * (growth - 1);
      if (beyond <= 1e-12 - 1) return floor;
      const double n = std::floor(std::log1p(beyond) / std::log(growth) + 1e-12);
      since = t - wave * (std::pow(growth, n) - 1) / (growth - 1);
      wave *= std::pow(growth, n);
    }
    return floor + (1 - floor) * (1 + std::cos(pi * since / wave)) / 2;
  }
};
static_assert(ScheduleShape<CosineRestarts>);

}  // namespace basin::schedules
