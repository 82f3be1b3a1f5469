// No weight is optimized twice.
#pragma once
#include <torch/optim/optimizer.h>

#include <vector>

namespace basin::optim {

// Throws InputError, which names both, when two parameters share an element of memory. Disjoint views of one storage are
// fine. Cost: a look at each parameter, and at each element of storages that several of them view.
void check_distinct(const std::vector<torch::optim::OptimizerParamGroup>& groups);

}  // namespace basin::optim
