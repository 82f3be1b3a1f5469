// Multi-head self-attention, as in PyTorch.
//
// Input    a sequence
// Output   a sequence of the same shape; with `causal`, a step sees itself and those before it
// Weights  as in attention.hpp
// Dropout  in training, of the attention's weights
// Source   Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 3.2.2
#pragma once
#include "basin/network/attention.hpp"
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Attention {
  static constexpr std::string_view name = "attention", prefix = "attention",
                                    usage = "attention HEADS [causal] [dropout P]",
                                    title = "multi-head self-attention";
  std::int64_t heads;
  bool causal;
  double probability;

  static Attention parse(Words& words) {
    const std::int64_t heads = words.count("the number of heads");
    return {heads, words.option("causal"), words.probability_option("dropout").value_or(0)};
  }
  Shape output(const Shape& in) const {
    require_sequence(in);
    check_divisible(in.channels, heads, "heads");
    return in;
  }
  std::vector<Weight> weights(const Shape& in) const { return attention_weights(in.channels, true, {}); }
};

}  // namespace basin::nn::layers
