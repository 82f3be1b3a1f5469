// elu, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Elu&, const Parts&) {
  return [](torch::Tensor x) { return torch::elu(x); };
}

}  // namespace basin::nn::layers
