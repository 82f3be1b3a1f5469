// Dropout: in training, sets numbers to 0 at random and scales the rest by 1 / (1 - P).
//
// Input    any numbers
// Output   of the same shape
// Source   Srivastava et al., Dropout, JMLR 2014
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Dropout {
  static constexpr std::string_view name = "dropout", usage = "dropout P",
                                    title = "in training, sets a share P to 0";
  double probability;

  static Dropout parse(Words& words) { return {words.probability()}; }
  Shape output(const Shape& in) const {
    require_numbers(in);
    return in;
  }
};

}  // namespace basin::nn::layers
