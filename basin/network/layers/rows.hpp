// The rows of an image, one after the other.
//
// Input    an image
// Output   a sequence of height steps with width x channels channels
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Rows {
  static constexpr std::string_view name = "rows", usage = "rows", title = "rows of an image as a sequence";

  static Rows parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_image(in);
    return Shape::sequence(in.height, product("channels", {in.width, in.channels}));
  }
};

}  // namespace basin::nn::layers
