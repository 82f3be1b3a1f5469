// Mean squared error.
//
// Definition  the mean over examples and outputs of (output - value)^2
// Value       0 or more, in the square of the target's unit; smaller is better
// Undefined   for no example
// Source      sklearn.metrics.mean_squared_error
#pragma once
#include <tuple>

#include "basin/metrics/metric.hpp"

namespace basin::metrics {

struct Mse {
  static constexpr Info info{.name = "mse",
                             .title = "MSE",
                             .help = "mean of the squared differences from the values",
                             .better = Better::smaller,
                             .targets = Targets::values,
                             .high = unbounded};
  double squares = 0, count = 0;
  auto parts() { return std::tie(squares, count); }

  void add(const Predictions& predictions) {
    for (std::size_t i = 0; i < predictions.values.size(); ++i) {
      const double difference = double{predictions.outputs[i]} - double{predictions.values[i]};
      squares += difference * difference;
    }
    count += static_cast<double>(predictions.values.size());
  }
  double value() const { return squares / count; }
};
static_assert(Metric<Mse>);

}  // namespace basin::metrics
