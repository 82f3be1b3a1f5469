// Gradients that are sparse, of layers that touch few rows of their weights.
#pragma once
#include <torch/types.h>

#include <vector>

#include "basin/network/regularization.hpp"
#include "basin/optim/optimizer.hpp"

namespace basin::train {

// Whether every gradient must be dense: for a rule or a link that changes all weights, or for a penalty or
// SAM, which look at all of them.
bool needs_dense_gradients(optim::Optimizer& optimizer, const nn::Regularization& regularization);

// Replaces sparse gradients by dense ones with the same values. Cost: the size of the weights.
void make_gradients_dense(std::vector<torch::Tensor>& parameters);

}  // namespace basin::train
