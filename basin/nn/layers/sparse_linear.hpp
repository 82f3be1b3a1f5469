// sparse-linear, as libtorch computes it: a row of the weight for each value that is there, summed.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const SparseLinear&) { return true; }

inline Stage stage(const SparseLinear& linear, const Parts& parts) {
  const torch::Tensor bias = linear.bias ? parts.weights[1] : torch::Tensor();
  return [bias, weight = parts.weights[0]](torch::Tensor x) {
    constexpr std::int64_t sum = 0;
    const torch::Tensor out = std::get<0>(
        torch::embedding_bag(weight, x.col_indices(), x.crow_indices(), /*scale_grad_by_freq=*/false, sum,
                             /*sparse=*/true, x.values(), /*include_last_offset=*/true));
    return bias.defined() ? out + bias : out;
  };
}

}  // namespace basin::nn::layers
