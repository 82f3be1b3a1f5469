// Percentile: ends a trial whose best value so far is worse than a percentile of what complete trials had at
// the same fraction of the schedule.
//
// Rule     best so far > percentile of value_at(complete trial, fraction), interpolated linearly between
//          neighbours; a trial without a finite value ends
// Warm-up  never before `startup` trials are complete
// Source   optuna.pruners.PercentilePruner
#pragma once
#include "basin/search/pruner.hpp"
#include "basin/search/pruners/domains.hpp"

namespace basin::search::pruners {

// Returns the value below which `percent` of the values lie. NaN for no value. Requires finite values.
inline double percentile_of(std::vector<double> values, double percent) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(values);
  const double position = percent / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double above = values[std::min(below + 1, values.size() - 1)];
  return values[below] + (position - std::floor(position)) * (above - values[below]);
}

struct Percentile {
  static constexpr Info info{
      .name = "percentile",
      .title = "Percentile",
      .help = "ends what is not among the best percent at its fraction of the schedule",
      .paper = {}};
  static constexpr std::string_view name = info.name;
  Percent percentile = 25;
  Fraction warmup = 0.2;
  Steps startup = 5;  // complete trials
  BASIN_KNOBS(percentile, warmup, startup)

  bool ends(const Curve& trial, std::span<const Curve> earlier) const {
    if (static_cast<double>(std::ranges::count_if(earlier, &Curve::complete)) < std::max<double>(startup, 1))
      return false;
    const double best = best_of(trial.points);
    return std::isnan(best) || best > percentile_of(values_at(trial.fraction(), earlier), percentile);
  }

 private:
  static std::vector<double> values_at(double fraction, std::span<const Curve> earlier) {
    std::vector<double> values;
    for (const Curve& curve : earlier)
      if (const double value = value_at(curve, fraction); curve.complete && !std::isnan(value))
        values.push_back(value);
    return values;
  }
};
static_assert(Described<Percentile>);

}  // namespace basin::search::pruners
