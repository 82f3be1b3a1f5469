// rnn, as libtorch computes it: all steps in one call.
#pragma once
#include "basin/nn/layers/recurrent.hpp"

namespace basin::nn::layers {

inline Stage stage(const Rnn& layer, const Parts& parts) {
  return [layer, weights = parts.weights, &network = parts.network](torch::Tensor x) {
    const torch::Tensor zero = first_state(x, layer.units);
    const auto run = [&](auto* function) {
      return std::get<0>(function(x, zero, weights, has_biases, layer_count, no_dropout,
                                  network.is_training(), bidirectional, batch_first));
    };
    using Function = std::tuple<torch::Tensor, torch::Tensor>(const torch::Tensor&, const torch::Tensor&,
                                                              torch::TensorList, bool, std::int64_t, double,
                                                              bool, bool, bool);
    return layer.relu ? run(static_cast<Function*>(torch::rnn_relu))
                      : run(static_cast<Function*>(torch::rnn_tanh));
  };
}

}  // namespace basin::nn::layers
