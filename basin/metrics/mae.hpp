// Mean absolute error.
//
// Definition  the mean over examples and outputs of |output - value|
// Value       0 or more, in the target's unit; smaller is better
// Undefined   for no example
// Source      sklearn.metrics.mean_absolute_error
#pragma once
#include <cmath>
#include <tuple>

#include "basin/metrics/metric.hpp"

namespace basin::metrics {

struct Mae {
  static constexpr Info info{.name = "mae",
                             .title = "MAE",
                             .help = "mean of the absolute differences from the values",
                             .better = Better::smaller,
                             .targets = Targets::values,
                             .high = unbounded};
  double differences = 0, count = 0;
  auto parts() { return std::tie(differences, count); }

  void add(const Predictions& predictions) {
    for (std::size_t i = 0; i < predictions.values.size(); ++i)
      differences += std::abs(double{predictions.outputs[i]} - double{predictions.values[i]});
    count += static_cast<double>(predictions.values.size());
  }
  double value() const { return differences / count; }
};
static_assert(Metric<Mae>);

}  // namespace basin::metrics
