// reshape, as libtorch computes it: a view, channels-last.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Reshape& shape, const Parts&) {
  return [=](torch::Tensor x) {
    return x.reshape({x.size(0), shape.height, shape.width, shape.channels}).permute({0, 3, 1, 2});
  };
}

}  // namespace basin::nn::layers
