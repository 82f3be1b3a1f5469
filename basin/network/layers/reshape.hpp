// Features as an image, for a decoder.
//
// Input    features
// Output   an image of height x width x channels, in that order
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Reshape {
  static constexpr std::string_view name = "reshape", usage = "reshape HxWxC", title = "features as an image";
  std::int64_t height, width, channels;

  static Reshape parse(Words& words) {
    const auto [height, width, channels] = words.extents();
    return {height, width, channels};
  }
  Shape output(const Shape& in) const {
    require_features(in);
    if (product("numbers", {height, width, channels}) == in.channels) return {height, width, channels};
    throw InputError(text_of(in) + " are not " + text_of(Shape{height, width, channels}));
  }
};

}  // namespace basin::nn::layers
