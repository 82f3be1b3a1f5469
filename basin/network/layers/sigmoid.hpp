// The logistic function, 1 / (1 + exp -x).
//
// Input    any numbers
// Output   of the same shape
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Sigmoid {
  static constexpr std::string_view name = "sigmoid", usage = "sigmoid", title = "1 / (1 + exp -x)";

  static Sigmoid parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
