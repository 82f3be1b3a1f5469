// x Phi(x), with the distribution Phi of a standard normal.
//
// Input    any numbers
// Output   of the same shape
// Source   Hendrycks & Gimpel, Gaussian Error Linear Units, 2016
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Gelu {
  static constexpr std::string_view name = "gelu", usage = "gelu",
                                    title = "x times the normal distribution of x";

  static Gelu parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
