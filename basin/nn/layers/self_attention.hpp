// Multi-head self-attention on libtorch; fused from libtorch 2 on.
#pragma once
#include <torch/version.h>

#include <cmath>

#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

struct AttentionWeights {
  torch::Tensor in, in_bias, out, out_bias;  // biases may be undefined
};

// Queries, keys and values: N x heads x steps x width of a head. Returns the same.
inline torch::Tensor scaled_dot_product(const torch::Tensor& q, const torch::Tensor& k,
                                        const torch::Tensor& v, bool causal, double dropout) {
#if TORCH_VERSION_MAJOR >= 2
  return torch::scaled_dot_product_attention(q, k, v, {}, dropout, causal);
#else
  const double scale = 1 / std::sqrt(static_cast<double>(q.size(-1)));
  torch::Tensor scores = torch::matmul(q * scale, k.transpose(-2, -1));
  if (causal) {
    const auto later = torch::ones({q.size(-2), k.size(-2)}, q.options().dtype(torch::kBool)).triu(1);
    scores.masked_fill_(later, -INFINITY);
  }
  const torch::Tensor shares = torch::softmax(scores, -1);
  return torch::matmul(dropout > 0 ? torch::dropout(shares, dropout, true) : shares, v);
#endif
}

// x: N x steps x width, which `heads` divides.
inline torch::Tensor self_attention(const torch::Tensor& x, const AttentionWeights& weights,
                                    std::int64_t heads, bool causal, double dropout) {
  const std::int64_t n = x.size(0), steps = x.size(1), width = x.size(2);
  const torch::Tensor all = torch::linear(x, weights.in, weights.in_bias)
                                .view({n, steps, 3, heads, width / heads})
                                .permute({2, 0, 3, 1, 4});
  const torch::Tensor y = scaled_dot_product(all[0], all[1], all[2], causal, dropout);
  return torch::linear(y.transpose(1, 2).reshape({n, steps, width}), weights.out, weights.out_bias);
}

}  // namespace basin::nn::layers
