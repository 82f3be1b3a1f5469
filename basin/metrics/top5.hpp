// Top-5 accuracy: the share of examples whose class is among the five largest outputs.
//
// Definition  right / examples; among equal outputs the first stands ahead
// Value       in [0, 1], larger is better; 1 where there are five classes or fewer
// Undefined   for no example; an example whose own output is NaN is wrong
// Source      sklearn.metrics.top_k_accuracy_score with k=5
#pragma once
#include <algorithm>
#include <tuple>

#include "basin/metrics/metric.hpp"
#include "basin/metrics/rank.hpp"

namespace basin::metrics {

struct Top5 {
  static constexpr Info info{.name = "top5",
                             .title = "Top-5 accuracy",
                             .help = "share of examples whose class is among the five largest outputs",
                             .percent = true};
  double right = 0, examples = 0;
  auto parts() { return std::tie(right, examples); }

  void add(const Predictions& predictions) {
    // Where there are fewer than five classes, a NaN is behind all of them.
    const auto first = static_cast<std::int64_t>(std::min<std::size_t>(5, class_count(predictions.width)));
    std::int64_t count = 0;
    for (std::size_t i = 0; i < predictions.rows(); ++i)
      count += ahead(predictions.row(i), predictions.classes[i]) < first;
    right += static_cast<double>(count);
    examples += static_cast<double>(predictions.rows());
  }
  double value() const { return right / examples; }
};
static_assert(Metric<Top5>);

}  // namespace basin::metrics
