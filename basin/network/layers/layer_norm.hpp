// Layer normalization over the channels of each position, as in Keras.
//
// Input    an image, features or a sequence
// Output   each position with mean 0 and variance 1 over its channels, scaled and shifted
// Weights  weight and bias of each channel
// Source   Ba, Kiros & Hinton, Layer Normalization, 2016
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct LayerNorm {
  static constexpr std::string_view name = "layer-norm", prefix = "norm", usage = "layer-norm",
                                    title = "normalizes the channels of each position";

  static LayerNorm parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
  std::vector<Weight> weights(const Shape& in) const { return scale_and_shift(in.channels); }
};

}  // namespace basin::nn::layers
