// All numbers of an example as features.
//
// Input    any numbers
// Output   height x width x channels, or steps x channels, features in that order
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Flatten {
  static constexpr std::string_view name = "flatten", usage = "flatten", title = "all numbers as features";

  static Flatten parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return Shape::features(product("features", {in.height, in.width, in.channels}));
  }
};

}  // namespace basin::nn::layers
