// Losses and the accuracy, over one batch.
#pragma once
#include <torch/types.h>

#include "basin/problems/problem.hpp"

namespace basin::train {

// Returns the mean over the batch, differentiable. cross_entropy: outputs are logits, targets int64 classes.
// mse: targets like the outputs, or int64 classes, which become 1 for the class and 0 for the others; the
// mean over examples and outputs.
torch::Tensor mean_loss(Loss loss, const torch::Tensor& outputs, const torch::Tensor& targets);

// Returns how many examples of the batch have their largest output at their class; -1 if the targets are not
// classes.
std::int64_t count_correct(const torch::Tensor& outputs, const torch::Tensor& targets);

}  // namespace basin::train
