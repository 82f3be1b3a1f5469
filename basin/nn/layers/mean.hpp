// mean, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Mean&) { return true; }

inline Stage stage(const Mean&, const Parts&) {
  return [](torch::Tensor x) { return x.mean(1); };
}

}  // namespace basin::nn::layers
