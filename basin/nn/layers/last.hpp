// last, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Last&, const Parts&) {
  return [](torch::Tensor x) { return x.select(1, -1); };
}

}  // namespace basin::nn::layers
