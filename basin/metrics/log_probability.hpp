// The probability that a network gives to a class, from its logits.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace basin::metrics {

// Returns log(sum of e^logit), in double, without overflow. NaN if a logit is NaN or infinity.
inline double log_sum_exp(std::span<const float> row) {
  const double largest = *std::ranges::max_element(row);
  double sum = 0;
  for (const float logit : row) sum += std::exp(logit - largest);
  return largest + std::log(sum);
}

// Returns the log of the probability of class `c` by the softmax of the logits; by the sigmoid for a row of
// one logit, which is that of class 1. NaN if a logit is NaN.
//
// Requires  0 <= c < class_count(row.size())
// Cost      one exp per logit
inline double log_probability(std::span<const float> row, std::int64_t c) {
  if (row.size() > 1) return row[static_cast<std::size_t>(c)] - log_sum_exp(row);
  const double against = c == 1 ? -double{row[0]} : double{row[0]};
  return -(std::max(against, 0.0) + std::log1p(std::exp(-std::abs(against))));
}

}  // namespace basin::metrics
