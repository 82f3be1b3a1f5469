// x / (1 + exp -x), also called swish.
//
// Input    any numbers
// Output   of the same shape
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Silu {
  static constexpr std::string_view name = "silu", usage = "silu", title = "x / (1 + exp -x)";

  static Silu parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
