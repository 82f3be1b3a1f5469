// Rungs: fractions of the schedule at which successive halving keeps the best 1 / eta of the trials.
//
// Rule     rung r stands at first * eta^r; a trial's value there is the one it reports first at or after the
//          rung. It goes on if its value is among the floor(n / eta) smallest of the n trials that reached
//          the rung, itself included; while n < eta, if it is the smallest. So a trial alone in its rung goes
//          on. A value that is not finite does not go on, and no other trial is compared with it.
// Source   optuna.pruners.SuccessiveHalvingPruner
#pragma once
#include "basin/search/pruner.hpp"

namespace basin::search::pruners {

// Returns the value that a curve had when it reached a rung. NaN if it did not.
inline double value_in_rung(const Curve& curve, double rung) {
  for (const auto& [at, value] : curve.points)
    if (at >= rung - same_fraction) return value;
  return std::numeric_limits<double>::quiet_NaN();
}

inline bool goes_on(double value, double rung, double eta, std::span<const Curve> earlier) {
  std::vector<double> values{value};
  for (const Curve& curve : earlier)
    if (const double other = value_in_rung(curve, rung); !std::isnan(other)) values.push_back(other);
  const auto kept =
      std::max(static_cast<std::size_t>(static_cast<double>(values.size()) / eta), std::size_t{1});
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(kept) - 1);
  return value <= values[kept - 1];
}

// Returns whether the last point of a trial is the first in some rung, and the trial does not go on from
// there. The rungs that it passed before were judged before. Requires first > 0 and eta > 1.
inline bool ends_in_a_rung(const Curve& trial, std::span<const Curve> earlier, double first, double eta) {
  const auto& points = trial.points;
  const double before = points.size() < 2 ? 0 : points[points.size() - 2].first;
  const auto [now, value] = points.back();
  for (double rung = first; rung <= now + same_fraction; rung *= eta)
    if (before < rung - same_fraction && (std::isnan(value) || !goes_on(value, rung, eta, earlier)))
      return true;
  return false;
}

}  // namespace basin::search::pruners
