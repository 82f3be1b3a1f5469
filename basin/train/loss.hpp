// Losses over one batch.
#pragma once
#include <torch/types.h>

#include "basin/problems/problem.hpp"

namespace basin::train {

// Throws InputError for an unknown name.
Loss loss_named(const std::string& name);

// Returns the mean over the batch, differentiable. cross_entropy: outputs are logits, targets int64 classes.
// mse: targets like the outputs, or int64 classes, which become 1 for the class and 0 for the others; the
// mean over examples and outputs.
torch::Tensor mean_loss(Loss loss, const torch::Tensor& outputs, const torch::Tensor& targets);

}  // namespace basin::train
