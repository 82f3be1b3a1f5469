// residual, as libtorch computes it.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Residual&) { return true; }

inline Stage stage(const Residual& residual, const Parts& parts) {
  if (!residual.project) return [inside = parts.inside](torch::Tensor x) { return x + inside(x); };
  const std::int64_t stride = Residual::stride(parts.in, parts.out);
  return [stride, inside = parts.inside, weight = parts.weights[0]](torch::Tensor x) {
    const torch::Tensor projected =
        weight.dim() == 4 ? torch::conv2d(x, weight, {}, stride)
                          : torch::linear(x.dim() == 3 ? x.slice(1, 0, x.size(1), stride) : x, weight);
    return projected + inside(x);
  };
}

}  // namespace basin::nn::layers
