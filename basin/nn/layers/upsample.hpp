// upsample, as libtorch computes it: the nearest position.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Upsample&) { return true; }

inline Stage stage(const Upsample& upsample, const Parts&) {
  return [k = upsample.factor](torch::Tensor x) {
    return torch::upsample_nearest2d(x, {k * x.size(2), k * x.size(3)});
  };
}

}  // namespace basin::nn::layers
