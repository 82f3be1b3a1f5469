// transformer, as libtorch computes it.
#pragma once
#include "basin/nn/layers/self_attention.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Transformer&) { return true; }

namespace transformer {

// The weights by name; biases of matrices may be undefined.
struct Weights {
  AttentionWeights attention;
  torch::Tensor up, up_bias, down, down_bias, scale1, shift1, scale2, shift2;
};

// Takes them in the order of network/layers/transformer.hpp.
inline Weights taken(const std::vector<torch::Tensor>& list, bool bias) {
  std::size_t at = 0;
  const auto next = [&] { return list[at++]; };
  const auto next_bias = [&] { return bias ? next() : torch::Tensor(); };
  Weights w;
  w.attention.in = next(), w.attention.in_bias = next_bias();
  w.attention.out = next(), w.attention.out_bias = next_bias();
  w.up = next(), w.up_bias = next_bias(), w.down = next(), w.down_bias = next_bias();
  w.scale1 = next(), w.shift1 = next(), w.scale2 = next(), w.shift2 = next();
  return w;
}

}  // namespace transformer

inline Stage stage(const Transformer& block, const Parts& parts) {
  return [block, w = transformer::taken(parts.weights, block.bias), width = parts.in.channels,
          &network = parts.network](torch::Tensor x) {
    const double p = network.is_training() ? block.probability : 0;
    const auto dropped = [&](torch::Tensor y) { return p > 0 ? torch::dropout(y, p, true) : y; };
    const auto norm1 = [&](torch::Tensor y) {
      return torch::layer_norm(y, {width}, w.scale1, w.shift1, norm_eps);
    };
    const auto norm2 = [&](torch::Tensor y) {
      return torch::layer_norm(y, {width}, w.scale2, w.shift2, norm_eps);
    };
    const auto attention = [&](torch::Tensor y) {
      return dropped(self_attention(y, w.attention, block.heads, block.causal, p));
    };
    const auto perceptron = [&](torch::Tensor y) {
      const torch::Tensor hidden = dropped(torch::gelu(torch::linear(y, w.up, w.up_bias)));
      return dropped(torch::linear(hidden, w.down, w.down_bias));
    };
    if (block.post_norm) {
      x = norm1(x + attention(x));
      return norm2(x + perceptron(x));
    }
    x = x + attention(norm1(x));
    return x + perceptron(norm2(x));
  };
}

}  // namespace basin::nn::layers
