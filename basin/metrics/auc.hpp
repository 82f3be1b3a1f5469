// AUC: the area under the curve of true against false positives.
//
// Definition  the share of pairs of an example of the class and one of another in which the first has the
//             larger score; equal scores count one half. With two classes, class 1 is scored by its logit
//             less that of class 0. With more, it is the mean over the classes that occur, each against the
//             rest and scored by its log probability, which does not saturate
// Value       in [0, 1], larger is better; 0.5 for a guess
// Undefined   where fewer than two classes occur, and where a score is NaN
// Source      Hanley & McNeil 1982; sklearn.metrics.roc_auc_score with multi_class="ovr", average="macro"
// Cost        keeps every score; sorts them for every class
#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "basin/metrics/log_probability.hpp"
#include "basin/metrics/metric.hpp"

namespace basin::metrics {

struct Auc {
  static constexpr Info info{
      .name = "auc", .title = "AUC", .help = "share of pairs of two classes that are in the right order"};
  std::vector<double> classes;  // by example
  std::vector<double> scores;   // examples x columns: one column for two classes
  auto parts() { return std::tie(classes, scores); }

  static std::size_t columns(std::int64_t width) { return width <= 2 ? 1 : static_cast<std::size_t>(width); }

  void add(const Predictions& predictions) {
    for (std::size_t i = 0; i < predictions.rows(); ++i) {
      const std::span<const float> row = predictions.row(i);
      classes.push_back(static_cast<double>(predictions.classes[i]));
      if (row.size() == 1) {
        scores.push_back(row[0]);
      } else if (row.size() == 2) {
        scores.push_back(double{row[1]} - double{row[0]});
      } else {
        const double total = log_sum_exp(row);
        for (const float logit : row) scores.push_back(logit - total);
      }
    }
  }
  double value() const {
    const std::size_t each = scores.size() / classes.size();
    if (each == 1) return area(1, 0, 1);
    double sum = 0, occurring = 0;
    for (std::size_t k = 0; k < each; ++k) {
      if (std::ranges::find(classes, static_cast<double>(k)) == classes.end()) continue;
      sum += area(static_cast<double>(k), k, each);
      occurring += 1;
    }
    return sum / occurring;
  }
  bool fits(std::int64_t width) const { return scores.size() == classes.size() * columns(width); }

 private:
  // The area of one class against the rest; NaN if all or none of the examples have it.
  double area(double positive, std::size_t column, std::size_t each) const {
    std::vector<std::pair<double, bool>> sorted;
    sorted.reserve(classes.size());
    for (std::size_t i = 0; i < classes.size(); ++i) {
      sorted.emplace_back(scores[i * each + column], classes[i] == positive);
      if (std::isnan(sorted.back().first)) return undefined;
    }
    std::ranges::sort(sorted);
    double ordered = 0, above = 0, below = 0;  // pairs in order; examples of the class and of the rest so far
    for (std::size_t i = 0; i < sorted.size();) {
      double with = 0, without = 0;  // of one score
      for (const double score = sorted[i].first; i < sorted.size() && sorted[i].first == score; ++i)
        (sorted[i].second ? with : without) += 1;
      ordered += with * (below + without / 2);
      above += with, below += without;
    }
    return ordered / (above * below);
  }
};
static_assert(Metric<Auc>);

}  // namespace basin::metrics
