// The interface of a pruner: when a search ends a trial that will not win.
//
//   struct Median {
//     static constexpr Info info{.name = "median", .title = "Median", ...};
//     static constexpr std::string_view name = info.name;
//     Fraction warmup = 0.2;
//     Steps startup = 5;
//     BASIN_KNOBS(warmup, startup)
//     bool ends(const Curve& trial, std::span<const Curve> earlier) const;   called after the warm-up only
//   };
//
// A pruner keeps no state. What it decides is a function of the trial's curve and of the earlier curves,
// which are compared at equal fractions of the schedule, never at equal steps: with a falling learning rate,
// a trial that is further in its schedule looks better than it is.
#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "basin/core/knobs.hpp"

namespace basin::search {

// What a trial reported.
struct Curve {
  int number = 0;  // of the trial in its study
  // Fraction of the schedule in (0, 1], rising, and the value there; smaller is better, NaN is not finite.
  // Where a trial is one configuration on several seeds, each seed is a point (see Wilcoxon).
  std::vector<std::pair<double, double>> points = {};
  bool complete = false;  // it ran its whole schedule

  double fraction() const { return points.empty() ? 0 : points.back().first; }
};

// Fractions that differ by less are the same point of the schedule: they come from divisions.
inline constexpr double same_fraction = 1e-9;

// Returns the value of the last point at or before a fraction; NaN if there is none.
inline double value_at(const Curve& curve, double fraction) {
  double value = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [at, reported] : curve.points)
    if (at <= fraction + same_fraction) value = reported;
  return value;
}

// Returns the smallest value; NaN if none is finite.
inline double best_of(std::span<const std::pair<double, double>> points) {
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const auto& point : points) best = std::fmin(best, point.second);
  return best;
}

class Pruner {
 public:
  virtual ~Pruner() = default;
  // Returns whether the trial is to be ended at the last point of its curve. It never is before the end of
  // the pruner's or of the schedule's own warm-up, whichever is later, nor at the end of its schedule.
  //
  // Requires  `earlier` holds the curves that the trial may see, all of its own optimizer: optimizers differ
  //           in how fast they start. A curve that was finished for an audit (`audited`) is cut where it
  //           would have ended.
  virtual bool prune(const Curve& trial, std::span<const Curve> earlier,
                     double schedule_warmup = 0) const = 0;
};

namespace pruners {

struct Info {
  std::string_view name;   // "median": what people type and files hold
  std::string_view title;  // "Median"
  std::string_view help;   // one line for `basin list pruners`
  std::string_view paper;  // empty where there is none
};

template <class P>
concept Described = requires(const P& pruner, const Curve& trial, std::span<const Curve> earlier) {
  { P::info.name } -> std::convertible_to<std::string_view>;
  { pruner.ends(trial, earlier) } -> std::same_as<bool>;
};

}  // namespace pruners
}  // namespace basin::search
