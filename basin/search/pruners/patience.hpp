// Patience: ends a trial that has become worse than it was.
//
// Rule     the best value in the last `patience` of the schedule is worse, by more than min_delta, than the
//          best one before; a trial without a finite value ends
// Source   optuna.pruners.PatientPruner(None), which counts reports instead of fractions
#pragma once
#include "basin/search/pruner.hpp"

namespace basin::search::pruners {

struct Patience {
  static constexpr Info info{.name = "patience",
                             .title = "Patience",
                             .help = "ends what has not come back to its best for a part of the schedule",
                             .paper = {}};
  static constexpr std::string_view name = info.name;
  Fraction patience = 0.3, warmup = 0.2;
  Amount min_delta = 0;
  BASIN_KNOBS(patience, warmup, min_delta)

  bool ends(const Curve& trial, std::span<const Curve>) const {
    const std::span points(trial.points);
    const auto old = std::ranges::count_if(
        points, [&](const auto& point) { return point.first < trial.fraction() - patience - same_fraction; });
    const double before = best_of(points.first(static_cast<std::size_t>(old)));
    const double since = best_of(points.subspan(static_cast<std::size_t>(old)));
    if (std::isnan(before)) return std::isnan(since);
    return !(since <= before + min_delta);
  }
};
static_assert(Described<Patience>);

}  // namespace basin::search::pruners
