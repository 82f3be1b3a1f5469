// The weights of a recurrent layer, named and laid out as in PyTorch.
#pragma once
#include <cmath>

#include "basin/network/weight.hpp"

namespace basin::nn {

// Returns weight_ih (gates x units) x inputs, weight_hh (gates x units) x units, bias_ih and bias_hh. Without
// a named initializer all are uniform in +-1/sqrt(units), as in PyTorch; a named one fills the matrix of each
// gate by itself.
inline std::vector<Weight> recurrent_weights(std::int64_t gates, std::int64_t units, std::int64_t inputs) {
  Initial matrix = Initial::drawn();
  matrix.blocks = gates;
  matrix.bound = 1 / std::sqrt(static_cast<double>(units));
  const std::int64_t rows = gates * units;
  return {{"weight_ih", Role::matrix, {rows, inputs}, matrix},
          {"weight_hh", Role::matrix, {rows, units}, matrix},
          {"bias_ih", Role::bias, {rows}, Initial::bias(units)},
          {"bias_hh", Role::bias, {rows}, Initial::bias(units)}};
}

}  // namespace basin::nn
