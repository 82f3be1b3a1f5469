// log(1 + exp x), a smooth rectifier.
//
// Input    any numbers
// Output   of the same shape
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Softplus {
  static constexpr std::string_view name = "softplus", usage = "softplus", title = "log(1 + exp x)";

  static Softplus parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
