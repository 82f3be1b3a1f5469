// The hyperbolic tangent.
//
// Input    any numbers
// Output   of the same shape
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Tanh {
  static constexpr std::string_view name = "tanh", usage = "tanh", title = "tanh x";

  static Tanh parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
