// The mean of each channel over the whole image.
//
// Input    an image
// Output   its channels, as features
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct GlobalAvgPool {
  static constexpr std::string_view name = "global-avg-pool", usage = "global-avg-pool",
                                    title = "mean of each channel";

  static GlobalAvgPool parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_image(in);
    return Shape::features(in.channels);
  }
};

}  // namespace basin::nn::layers
