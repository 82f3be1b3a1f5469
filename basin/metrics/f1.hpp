// F1: the harmonic mean of precision and recall.
//
// Definition  2 hits / (said + true) for one class, where `said` counts the examples that are predicted to
//             have it, `true` those that have it, and `hits` those that are both. With two classes, it is the
//             F1 of class 1; with more, the mean over the classes that occur or are predicted ("macro")
// Value       in [0, 1], larger is better
// Undefined   for no example, and with two classes where class 1 neither occurs nor is predicted;
//             scikit-learn returns 0 there. A NaN predicts no class
// Source      sklearn.metrics.f1_score with average="binary" or "macro"
#pragma once
#include <tuple>

#include "basin/metrics/metric.hpp"
#include "basin/metrics/rank.hpp"

namespace basin::metrics {

struct F1 {
  static constexpr Info info{
      .name = "f1",
      .title = "F1",
      .help = "harmonic mean of precision and recall; of class 1, or the classes' mean"};
  std::vector<double> hits, marked;  // by class; `marked` is said + true
  auto parts() { return std::tie(hits, marked); }

  void add(const Predictions& predictions) {
    hits.resize(class_count(predictions.width));
    marked.resize(hits.size());
    for (std::size_t i = 0; i < predictions.rows(); ++i) {
      const auto truth = static_cast<std::size_t>(predictions.classes[i]);
      marked[truth] += 1;
      const auto said = first_largest(predictions.row(i));
      if (!said) continue;
      marked[*said] += 1;
      hits[*said] += *said == truth;
    }
  }
  double value() const {
    if (hits.size() == 2) return 2 * hits[1] / marked[1];
    double sum = 0, classes = 0;
    for (std::size_t k = 0; k < hits.size(); ++k) {
      if (marked[k] == 0) continue;
      sum += 2 * hits[k] / marked[k];
      classes += 1;
    }
    return sum / classes;
  }
  bool fits(std::int64_t width) const {
    return hits.size() == class_count(width) && marked.size() == class_count(width);
  }
};
static_assert(Metric<F1>);

}  // namespace basin::metrics
