// linear, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Linear&) { return true; }

inline Stage stage(const Linear& linear, const Parts& parts) {
  const torch::Tensor bias = linear.bias ? parts.weights[1] : torch::Tensor();
  return [bias, weight = parts.weights[0]](torch::Tensor x) { return torch::linear(x, weight, bias); };
}

}  // namespace basin::nn::layers
