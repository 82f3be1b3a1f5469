// relu, as libtorch computes it: in place where nobody needs its input.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

inline Stage stage(const Relu&, const Parts& parts) {
  return [in_place = parts.may_overwrite_input](torch::Tensor x) { return in_place ? x.relu_() : x.relu(); };
}

}  // namespace basin::nn::layers
