// layer-norm, as libtorch computes it: over the channels, a view of channels-last memory.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const LayerNorm&) { return true; }

inline Stage stage(const LayerNorm&, const Parts& parts) {
  return [scale = parts.weights[0], shift = parts.weights[1], channels = parts.in.channels](torch::Tensor x) {
    const bool image = x.dim() == 4;
    if (image) x = x.permute({0, 2, 3, 1});
    x = torch::layer_norm(x, {channels}, scale, shift, norm_eps);
    return image ? x.permute({0, 3, 1, 2}) : x;
  };
}

}  // namespace basin::nn::layers
