// conv, as libtorch computes it; the weight is channels-last, as the images are. A sequence is read with its
// channels before its steps.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Conv&) { return true; }

inline Stage stage(const Conv& conv, const Parts& parts) {
  const torch::Tensor bias = conv.bias ? parts.weights[1] : torch::Tensor();
  return [conv, bias, weight = parts.weights[0], padding = conv.padding()](torch::Tensor x) {
    if (conv.kernel.square)
      return torch::conv2d(x, weight, bias, conv.stride, padding, conv.dilation, conv.groups);
    const torch::Tensor channels_first = x.transpose(1, 2);
    return torch::conv1d(channels_first, weight, bias, conv.stride, padding, conv.dilation, conv.groups)
        .transpose(1, 2);
  };
}

}  // namespace basin::nn::layers
