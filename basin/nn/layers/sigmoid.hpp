// sigmoid, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Sigmoid&, const Parts&) {
  return [](torch::Tensor x) { return x.sigmoid(); };
}

}  // namespace basin::nn::layers
