// The weights of multi-head self-attention, laid out as in PyTorch.
#pragma once
#include <cmath>

#include "basin/network/weight.hpp"

namespace basin::nn {

struct AttentionInitial {
  std::optional<double> sd = {};  // normal with this deviation instead of PyTorch's own
  double scale = 1;               // of out_weight
};

// Returns in_weight (3 x width) x width, for queries, keys and values, and out_weight width x width, each
// with its bias. Without a named initializer, in_weight is uniform in +-sqrt(6 / (4 width)), out_weight in
// +-1/sqrt(width), and biases are 0, as in PyTorch.
inline std::vector<Weight> attention_weights(std::int64_t width, bool bias, const AttentionInitial& initial) {
  Initial in = Initial::drawn(), out = Initial::drawn();
  in.blocks = 3;
  in.sd = out.sd = initial.sd;
  in.bound = std::sqrt(6.0 / (4.0 * static_cast<double>(width)));
  out.scale = initial.scale;
  std::vector<Weight> weights{{"in_weight", Role::matrix, {3 * width, width}, in}};
  if (bias) weights.push_back({"in_bias", Role::bias, {3 * width}, Initial::bias(0)});
  weights.push_back({"out_weight", Role::matrix, {width, width}, out});
  if (bias) weights.push_back({"out_bias", Role::bias, {width}, Initial::bias(0)});
  return weights;
}

}  // namespace basin::nn
