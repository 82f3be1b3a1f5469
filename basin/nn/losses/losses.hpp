// What a network is trained by: the losses of basin/losses, computed with libtorch. To add one, add its file
// and its name in losses.cpp.
//
//   struct Mse {
//     using Description = losses::Mse;
//     static torch::Tensor mean(const losses::Loss&, outputs, targets);
//     static torch::Tensor drawn(const losses::Loss&, outputs);
//   };
#pragma once
#include <torch/types.h>

#include "basin/losses/loss.hpp"

namespace basin::nn {

// Returns the mean of the loss over the batch, differentiable.
//
// outputs   examples x outputs, or examples x places x outputs; the dimension of one output may be left out
// targets   classes: int64, examples or examples x places; values: as many as outputs
// Throws    InputError if the targets are of a kind that the loss does not take, if their number does not fit
//           the outputs, and if the loss has another number of class weights than there are classes, or is
//           balanced and not `resolved`
torch::Tensor mean_loss(const losses::Loss& loss, const torch::Tensor& outputs, const torch::Tensor& targets);

// Returns targets for `mean_loss`, drawn from what the outputs say: the loss of an example is read as -log of
// their probability, up to a constant. The curvature is estimated with them. Draws from libtorch's generator.
torch::Tensor draw_targets(const losses::Loss& loss, const torch::Tensor& outputs);

}  // namespace basin::nn
