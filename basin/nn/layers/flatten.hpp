// flatten, as libtorch computes it: a view of channels-last memory.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Flatten&, const Parts&) {
  return [](torch::Tensor x) {
    return x.dim() == 4 ? x.permute({0, 2, 3, 1}).reshape({x.size(0), -1}) : x.flatten(1);
  };
}

}  // namespace basin::nn::layers
