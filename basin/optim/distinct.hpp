// No weight is optimized twice, and none lies in the place of another.
#pragma once
#include <torch/optim/optimizer.h>

#include <vector>

namespace basin::optim {

// Whether two elements of a tensor are one in memory, as those of an expanded tensor are.
// Cost: the strides, and a look at each element only where they do not tell.
bool overlaps_itself(const torch::Tensor& tensor);

// Throws InputError, which names both, when two parameters share an element of memory. Disjoint views of one storage are
// fine. Cost: a look at each parameter, and at each element of storages that several of them view.
void check_distinct(const std::vector<torch::optim::OptimizerParamGroup>& groups);

}  // namespace basin::optim
