// dropout, as libtorch computes it. Outside training the output is the input.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Dropout& dropout, const Parts& parts) {
  return [&network = parts.network, p = dropout.probability](torch::Tensor x) {
    return torch::dropout(x, p, network.is_training());
  };
}

}  // namespace basin::nn::layers
