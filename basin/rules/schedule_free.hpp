// Shared by the schedule-free rules: the weight of each step in the running mean.
//
// Paper    Defazio et al., The Road Less Scheduled, NeurIPS 2024
#pragma once
#include <algorithm>
#include <array>
#include <span>

#include "basin/core/rule.hpp"

namespace basin::rules {

inline constexpr std::array mean_numbers{"weight_sum", "lr_max"};

// Returns the rate of step t, which grows to `lr` over `warmup` steps.
inline double warmed_up(double lr, Step t, double warmup) {
  return lr * std::min(1.0, static_cast<double>(t) / std::max(1.0, warmup));
}

// Returns c of step t: the square of the largest rate so far over the sum of those squares. `values`
// (mean_numbers) stores both.
inline double mean_weight(Step t, double rate, std::span<double> values) {
  double &weight_sum = values[0], &lr_max = values[1];
  if (t == 1) weight_sum = lr_max = 0;
  lr_max = std::max(lr_max, rate);
  weight_sum += lr_max * lr_max;
  return weight_sum > 0 ? lr_max * lr_max / weight_sum : 0;
}

}  // namespace basin::rules
