// What the recurrent layers have in common when they call libtorch.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline constexpr bool has_biases = true, bidirectional = false, batch_first = true;
inline constexpr std::int64_t layer_count = 1;
inline constexpr double no_dropout = 0;

inline torch::Tensor first_state(const torch::Tensor& x, std::int64_t units) {
  return torch::zeros({layer_count, x.size(0), units}, x.options());
}

}  // namespace basin::nn::layers
