// Error: the share of examples whose class does not have the largest output.
//
// Definition  1 - accuracy
// Value       in [0, 1], smaller is better
// Undefined   for no example; an example with a NaN is wrong
// Source      sklearn.metrics.zero_one_loss
#pragma once
#include "basin/metrics/accuracy.hpp"

namespace basin::metrics {

struct ErrorRate {
  static constexpr Info info{.name = "error",
                             .title = "Error",
                             .help = "share of examples whose class does not have the largest output",
                             .better = Better::smaller,
                             .percent = true};
  Accuracy accuracy;
  auto parts() { return accuracy.parts(); }

  void add(const Predictions& predictions) { accuracy.add(predictions); }
  double value() const { return (accuracy.examples - accuracy.right) / accuracy.examples; }
};
static_assert(Metric<ErrorRate>);

}  // namespace basin::metrics
