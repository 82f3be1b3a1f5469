// Accuracy: the share of examples whose class has the largest output.
//
// Definition  right / examples; among equal outputs the first class is the predicted one; one logit predicts
//             class 1 where it is more than 0
// Value       in [0, 1], larger is better
// Undefined   for no example; an example with a NaN is wrong
// Source      sklearn.metrics.accuracy_score
#pragma once
#include <tuple>

#include "basin/metrics/metric.hpp"
#include "basin/metrics/rank.hpp"

namespace basin::metrics {

struct Accuracy {
  static constexpr Info info{.name = "accuracy",
                             .title = "Accuracy",
                             .help = "share of examples whose class has the largest output",
                             .percent = true};
  double right = 0, examples = 0;
  auto parts() { return std::tie(right, examples); }

  void add(const Predictions& predictions) {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < predictions.rows(); ++i)
      count += ahead(predictions.row(i), predictions.classes[i]) == 0;
    right += static_cast<double>(count);
    examples += static_cast<double>(predictions.rows());
  }
  double value() const { return right / examples; }
};
static_assert(Metric<Accuracy>);

}  // namespace basin::metrics
