// attention, as libtorch computes it.
#pragma once
#include "basin/nn/layers/self_attention.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Attention&) { return true; }

inline Stage stage(const Attention& layer, const Parts& parts) {
  const AttentionWeights weights{parts.weights[0], parts.weights[1], parts.weights[2], parts.weights[3]};
  return [layer, weights, &network = parts.network](torch::Tensor x) {
    const double dropout = network.is_training() ? layer.probability : 0;
    return self_attention(x, weights, layer.heads, layer.causal, dropout);
  };
}

}  // namespace basin::nn::layers
