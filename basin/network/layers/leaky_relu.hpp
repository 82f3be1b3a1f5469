// x, or SLOPE times x below 0.
//
// Input    any numbers
// Output   of the same shape
// Source   Maas, Hannun & Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct LeakyRelu {
  static constexpr std::string_view name = "leaky-relu", usage = "leaky-relu [SLOPE]",
                                    title = "x, or SLOPE x below 0; 0.01";
  double slope;

  static LeakyRelu parse(Words& words) { return {words.optional_number("the slope").value_or(0.01)}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
