// embedding, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Embedding&) { return true; }

inline Stage stage(const Embedding&, const Parts& parts) {
  return [weight = parts.weights[0]](torch::Tensor x) { return torch::embedding(weight, x); };
}

}  // namespace basin::nn::layers
