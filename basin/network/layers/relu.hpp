// The rectifier, max(x, 0).
//
// Input    any numbers
// Output   of the same shape
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Relu {
  static constexpr std::string_view name = "relu", usage = "relu", title = "max(x, 0)";

  static Relu parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
