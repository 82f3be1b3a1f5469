// R2, the coefficient of determination: the share of the values' variance that the network explains.
//
// Definition  the mean over the outputs of 1 - residual / spread, where the residual is the sum of
//             (output - value)^2 and the spread that of (value - mean of the values)^2
// Value       at most 1, larger is better; 0 for a network that always says the mean
// Undefined   for no example, and where an output has the same value in all of them; scikit-learn returns 0
//             or 1 there
// Source      sklearn.metrics.r2_score with multioutput="uniform_average"
#pragma once
#include <tuple>

#include "basin/metrics/metric.hpp"

namespace basin::metrics {

struct R2 {
  static constexpr Info info{.name = "r2",
                             .title = "R2",
                             .help = "share of the values' variance that the network explains",
                             .targets = Targets::values,
                             .low = -unbounded};
  double examples = 0;
  std::vector<double> mean, spread,
      residual;  // by output: of the values; their squares about it; those unexplained
  auto parts() { return std::tie(examples, mean, spread, residual); }

  void add(const Predictions& predictions) {
    const auto width = static_cast<std::size_t>(predictions.width);
    for (auto* sums : {&mean, &spread, &residual}) sums->resize(width);
    for (std::size_t first = 0; first < predictions.values.size(); first += width) {
      const double weight = 1 / (examples += 1);
      for (std::size_t k = 0; k < width; ++k) {
        const double value = predictions.values[first + k], error = predictions.outputs[first + k] - value;
        // Welford 1962: squares about the mean so far do not cancel.
        const double before = value - mean[k];
        mean[k] += weight * before;
        spread[k] += before * (value - mean[k]);
        residual[k] += error * error;
      }
    }
  }
  double value() const {
    double sum = 0;
    for (std::size_t k = 0; k < mean.size(); ++k)
      sum += spread[k] == 0 ? undefined : 1 - residual[k] / spread[k];
    return sum / static_cast<double>(mean.size());
  }
  bool fits(std::int64_t width) const {
    const auto each = static_cast<std::size_t>(width);
    return mean.size() == each && spread.size() == each && residual.size() == each;
  }
};
static_assert(Metric<R2>);

}  // namespace basin::metrics
