// Log loss, or cross-entropy: how surprised the network is by the right class.
//
// Definition  the mean over examples of -log p, where p is the probability of the right class: the softmax of
//             the logits, or the sigmoid of a single one
// Value       0 or more, in nats; smaller is better; log(classes) for a guess
// Undefined   for no example; NaN if a logit is NaN, infinity if the right class has probability 0
// Source      sklearn.metrics.log_loss
#pragma once
#include <tuple>

#include "basin/metrics/log_probability.hpp"
#include "basin/metrics/metric.hpp"

namespace basin::metrics {

struct LogLoss {
  static constexpr Info info{.name = "log_loss",
                             .title = "Log loss",
                             .help = "mean of -log(probability of the right class)",
                             .better = Better::smaller,
                             .unit = "nats",
                             .high = unbounded};
  double surprise = 0, examples = 0;
  auto parts() { return std::tie(surprise, examples); }

  void add(const Predictions& predictions) {
    for (std::size_t i = 0; i < predictions.rows(); ++i)
      surprise -= log_probability(predictions.row(i), predictions.classes[i]);
    examples += static_cast<double>(predictions.rows());
  }
  double value() const { return surprise / examples; }
};
static_assert(Metric<LogLoss>);

}  // namespace basin::metrics
