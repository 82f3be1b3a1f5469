// The place of a class among the outputs of one example.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace basin::metrics {

// Returns how many classes stand ahead of class `c`: those with a larger logit, and among equal ones those
// with a smaller number. NaN stands ahead of everything, itself included: a class whose logit is NaN has all
// classes ahead of it.
//
// Requires  0 <= c < class_count(row.size()); a row of one logit stands for (0, logit)
// Cost      about 0.2 ns per output of a hundred, 0.4 of ten; 1 to 2 ns for a row of one or two
inline std::int64_t ahead(std::span<const float> row, std::int64_t c) {
  const auto own = static_cast<std::size_t>(c);
  if (row.size() == 1) return std::isnan(row[0]) ? 2 : (row[0] > 0) != (c == 1);
  const float logit = row[own];
  std::int64_t count = 0;
  for (std::size_t k = 0; k < own; ++k) count += !(row[k] < logit);
  for (std::size_t k = own; k < row.size(); ++k) count += !(row[k] <= logit);
  return count;
}

// Returns the class with the largest logit, the first of equal ones; nothing if a logit is NaN.
inline std::optional<std::size_t> first_largest(std::span<const float> row) {
  if (row.size() == 1) return std::isnan(row[0]) ? std::nullopt : std::optional<std::size_t>(row[0] > 0);
  std::size_t best = 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (std::isnan(row[k])) return std::nullopt;
    if (row[k] > row[best]) best = k;
  }
  return best;
}

}  // namespace basin::metrics
