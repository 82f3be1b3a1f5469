// leaky-relu, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const LeakyRelu& relu, const Parts&) {
  return [slope = relu.slope](torch::Tensor x) { return torch::leaky_relu(x, slope); };
}

}  // namespace basin::nn::layers
