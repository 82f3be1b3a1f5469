// lstm, as libtorch computes it: all steps in one call.
#pragma once
#include "basin/nn/layers/recurrent.hpp"

namespace basin::nn::layers {

inline Stage stage(const Lstm& layer, const Parts& parts) {
  return [weights = parts.weights, units = layer.units, &network = parts.network](torch::Tensor x) {
    const torch::Tensor zero = first_state(x, units);
    return std::get<0>(torch::lstm(x, {zero, zero}, weights, has_biases, layer_count, no_dropout,
                                   network.is_training(), bidirectional, batch_first));
  };
}

}  // namespace basin::nn::layers
