// softplus, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Softplus&, const Parts&) {
  return [](torch::Tensor x) { return torch::softplus(x); };
}

}  // namespace basin::nn::layers
