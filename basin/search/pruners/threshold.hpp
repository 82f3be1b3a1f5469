// Threshold: ends a trial whose last value lies outside limits.
//
// Rule     value < lower or value > upper, or it is not finite
// Source   optuna.pruners.ThresholdPruner
#pragma once
#include "basin/search/pruner.hpp"
#include "basin/search/pruners/domains.hpp"

namespace basin::search::pruners {

struct Threshold {
  static constexpr Info info{.name = "threshold",
                             .title = "Threshold",
                             .help = "ends what leaves the limits lower and upper, or is not finite",
                             .paper = {}};
  static constexpr std::string_view name = info.name;
  Number lower = -unbounded, upper = unbounded;  // of a value as pruners see it: smaller is better
  Fraction warmup = 0.2;
  BASIN_KNOBS(lower, upper, warmup)

  bool ends(const Curve& trial, std::span<const Curve>) const {
    const double value = trial.points.back().second;
    return std::isnan(value) || value < lower || value > upper;
  }
};
static_assert(Described<Threshold>);

}  // namespace basin::search::pruners
