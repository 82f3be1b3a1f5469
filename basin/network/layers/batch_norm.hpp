// Batch normalization, with PyTorch's momentum and epsilon.
//
// Input    an image, or features
// Output   each channel with mean 0 and variance 1 over the batch, scaled and shifted; by running statistics
//          outside training
// Weights  weight and bias of each channel; running_mean and running_var are buffers
// Source   Ioffe & Szegedy, Batch Normalization, ICML 2015
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct BatchNorm {
  static constexpr std::string_view name = "batch-norm", prefix = "norm", usage = "batch-norm",
                                    title = "normalizes each channel over the batch";

  static BatchNorm parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_image(in);
    return in;
  }
  std::vector<Weight> weights(const Shape& in) const { return scale_and_shift(in.channels); }
};

}  // namespace basin::nn::layers
