// batch-norm, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const BatchNorm&) { return true; }

inline Stage stage(const BatchNorm&, const Parts& parts) {
  auto mean = parts.buffer("running_mean", torch::zeros({parts.in.channels}));
  auto variance = parts.buffer("running_var", torch::ones({parts.in.channels}));
  return [&network = parts.network, scale = parts.weights[0], shift = parts.weights[1], mean,
          variance](torch::Tensor x) {
    return torch::batch_norm(x, scale, shift, mean, variance, network.is_training(), norm_momentum, norm_eps,
                             false);
  };
}

}  // namespace basin::nn::layers
