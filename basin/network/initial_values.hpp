// The initial value of a parameter, from its declaration and the initializer that was named.
#pragma once
#include <span>

#include "basin/core/philox.hpp"
#include "basin/network/initializers.hpp"
#include "basin/network/layer_roles.hpp"

namespace basin::nn {

// Fills the values of `parameter` in the order of a contiguous tensor.
//
// Matrices  by the initializer, each block of rows (a gate of an LSTM) by itself, then times `initial.scale`;
//           the initializer `default` is replaced by the bound or deviation that the layer declares
// Biases    by the initializer; zeros, unless it names a bias, where the layer declares no fan-in
void fill_initial(std::span<float> values, const LayerParameter& parameter, const Initializer& initializer,
                  Stream& random);

}  // namespace basin::nn
