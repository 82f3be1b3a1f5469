// Balanced accuracy: the mean over the classes of the share of their examples that is right.
//
// Definition  mean over the classes that occur of right / examples of that class
// Value       in [0, 1], larger is better; a network that always says the same gets 1 / classes
// Undefined   for no example
// Source      sklearn.metrics.balanced_accuracy_score
#pragma once
#include <tuple>

#include "basin/metrics/metric.hpp"
#include "basin/metrics/rank.hpp"

namespace basin::metrics {

struct BalancedAccuracy {
  static constexpr Info info{.name = "balanced_accuracy",
                             .title = "Balanced accuracy",
                             .help = "mean over the classes of the share of their examples that is right",
                             .percent = true};
  std::vector<double> right, examples;  // by class
  auto parts() { return std::tie(right, examples); }

  void add(const Predictions& predictions) {
    right.resize(class_count(predictions.width));
    examples.resize(right.size());
    for (std::size_t i = 0; i < predictions.rows(); ++i) {
      const std::int64_t truth = predictions.classes[i];
      right[static_cast<std::size_t>(truth)] += ahead(predictions.row(i), truth) == 0;
      examples[static_cast<std::size_t>(truth)] += 1;
    }
  }
  double value() const {
    double shares = 0, occurring = 0;
    for (std::size_t k = 0; k < right.size(); ++k) {
      if (examples[k] == 0) continue;
      shares += right[k] / examples[k];
      occurring += 1;
    }
    return shares / occurring;
  }
  bool fits(std::int64_t width) const {
    return right.size() == class_count(width) && examples.size() == class_count(width);
  }
};
static_assert(Metric<BalancedAccuracy>);

}  // namespace basin::metrics
