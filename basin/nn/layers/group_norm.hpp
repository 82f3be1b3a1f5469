// group-norm, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const GroupNorm&) { return true; }

inline Stage stage(const GroupNorm& norm, const Parts& parts) {
  return [scale = parts.weights[0], shift = parts.weights[1], groups = norm.groups](torch::Tensor x) {
    return torch::group_norm(x, groups, scale, shift, norm_eps);
  };
}

}  // namespace basin::nn::layers
