// Checks that no weight is optimized twice, and that none shares memory with another.
#pragma once
#include <torch/optim/optimizer.h>

#include <vector>

namespace basin::optim {

// Returns whether two elements of a tensor share memory, as in an expanded tensor.
//
// Cost  reads the strides, and each element only if the strides do not decide
bool overlaps_itself(const torch::Tensor& tensor);

// Throws InputError, which names both, if two parameters share an element of memory. Disjoint views of one
// storage are allowed.
//
// Cost  reads each parameter, and each element of storages that several parameters view
void check_distinct(const std::vector<torch::optim::OptimizerParamGroup>& groups);

}  // namespace basin::optim
