// gelu, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Gelu&, const Parts&) {
  return [](torch::Tensor x) { return torch::gelu(x); };
}

}  // namespace basin::nn::layers
