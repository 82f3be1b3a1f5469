// conv-transpose, as libtorch computes it; the weight is channels-last, as the images are.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const ConvTranspose&) { return true; }

inline Stage stage(const ConvTranspose& conv, const Parts& parts) {
  return [weight = parts.weights[0], bias = parts.weights[1], stride = conv.stride](torch::Tensor x) {
    return torch::conv_transpose2d(x, weight, bias, stride);
  };
}

}  // namespace basin::nn::layers
