// global-avg-pool, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const GlobalAvgPool&) { return true; }

inline Stage stage(const GlobalAvgPool&, const Parts&) {
  return [](torch::Tensor x) { return x.mean({2, 3}); };
}

}  // namespace basin::nn::layers
