// x, or exp x - 1 below 0.
//
// Input    any numbers
// Output   of the same shape
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Elu {
  static constexpr std::string_view name = "elu", usage = "elu", title = "x, or exp x - 1 below 0";

  static Elu parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
