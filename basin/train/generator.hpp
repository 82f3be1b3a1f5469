// libtorch's default generator on this machine, as a value.
#pragma once
#include <torch/types.h>

namespace basin::train {

torch::Tensor generator_state();
void set_generator_state(const torch::Tensor& state);

}  // namespace basin::train
