// Group normalization: independent of the batch.
//
// Input    an image, or features
// Output   each group of channels with mean 0 and variance 1 over an example, scaled and shifted
// Weights  weight and bias of each channel
// Source   Wu & He, Group Normalization, ECCV 2018
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct GroupNorm {
  static constexpr std::string_view name = "group-norm", prefix = "norm", usage = "group-norm GROUPS",
                                    title = "normalizes groups of channels of each example";
  std::int64_t groups;

  static GroupNorm parse(Words& words) { return {words.count("the number of groups")}; }
  Shape output(const Shape& in) const {
    require_image(in);
    check_divisible(in.channels, groups, "groups");
    return in;
  }
  std::vector<Weight> weights(const Shape& in) const { return scale_and_shift(in.channels); }
};

}  // namespace basin::nn::layers
