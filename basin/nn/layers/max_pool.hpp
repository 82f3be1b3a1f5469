// max-pool, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const MaxPool&) { return true; }

inline Stage stage(const MaxPool& pool, const Parts&) {
  return [k = pool.edge](torch::Tensor x) { return torch::max_pool2d(x, {k, k}); };
}

}  // namespace basin::nn::layers
