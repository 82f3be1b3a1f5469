// tanh, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Tanh&, const Parts&) {
  return [](torch::Tensor x) { return x.tanh(); };
}

}  // namespace basin::nn::layers
