// rows, as libtorch computes it: a view of channels-last memory.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Rows&, const Parts&) {
  return [](torch::Tensor x) {
    // One row of features comes with two dimensions.
    if (x.dim() == 2) return x.unsqueeze(1);
    return x.permute({0, 2, 3, 1}).reshape({x.size(0), x.size(2), -1});
  };
}

}  // namespace basin::nn::layers
