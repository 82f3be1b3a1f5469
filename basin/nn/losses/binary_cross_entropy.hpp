// Binary cross-entropy with libtorch; losses/binary_cross_entropy.hpp defines it.
#pragma once
#include <torch/nn/functional/loss.h>

#include "basin/nn/losses/shapes.hpp"

namespace basin::nn {

struct BinaryCrossEntropy {
  using Description = losses::BinaryCrossEntropy;

  static torch::Tensor mean(const losses::Loss& loss, const torch::Tensor& outputs,
                            const torch::Tensor& targets) {
    const torch::Tensor truth = values_of(loss, outputs, targets), weights = weights_of(loss, outputs, 2);
    if (!weights.defined())
      return torch::binary_cross_entropy_with_logits(outputs, truth.to(outputs.scalar_type()));
    if (truth.is_floating_point())
      throw InputError("loss " + loss.text() + ": its weights need classes, found values");
    const torch::Tensor each = weights.index_select(0, truth.flatten()).view_as(outputs);
    return torch::binary_cross_entropy_with_logits(outputs, truth.to(outputs.scalar_type()), each, {},
                                                   at::Reduction::Sum) /
           each.sum();
  }
  static torch::Tensor drawn(const losses::Loss&, const torch::Tensor& outputs) {
    return torch::bernoulli(outputs.sigmoid()).to(torch::kInt64);
  }
};

}  // namespace basin::nn
