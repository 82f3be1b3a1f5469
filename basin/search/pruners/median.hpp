// Median: ends a trial whose best value so far is worse than the median of what complete trials had at the
// same fraction of the schedule.
//
// Paper    Golovin et al., Google Vizier, KDD 2017, section 3.2.2, which compares running means
// Rule     that of Percentile at 50
// Source   optuna.pruners.MedianPruner
#pragma once
#include "basin/search/pruners/percentile.hpp"

namespace basin::search::pruners {

struct Median {
  static constexpr Info info{
      .name = "median",
      .title = "Median",
      .help = "ends what is worse than half of the trials at its fraction of the schedule",
      .paper = "Golovin et al., Google Vizier, KDD 2017"};
  static constexpr std::string_view name = info.name;
  Fraction warmup = 0.2;
  Steps startup = 5;  // complete trials
  BASIN_KNOBS(warmup, startup)

  bool ends(const Curve& trial, std::span<const Curve> earlier) const {
    return Percentile{.percentile = 50, .warmup = warmup, .startup = startup}.ends(trial, earlier);
  }
};
static_assert(Described<Median>);

}  // namespace basin::search::pruners
