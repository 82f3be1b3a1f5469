// silu, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Silu&, const Parts&) {
  return [](torch::Tensor x) { return torch::silu(x); };
}

}  // namespace basin::nn::layers
