// Cross-entropy with libtorch; losses/cross_entropy.hpp defines it.
#pragma once
#include <torch/nn/functional/loss.h>

#include "basin/nn/losses/shapes.hpp"

namespace basin::nn {

struct CrossEntropy {
  using Description = losses::CrossEntropy;

  static torch::Tensor mean(const losses::Loss& loss, const torch::Tensor& outputs,
                            const torch::Tensor& targets) {
    const Rows rows = rows_of(loss, outputs, targets);
    return torch::nll_loss(rows.outputs.log_softmax(1), rows.classes,
                           weights_of(loss, outputs, rows.outputs.size(1)));
  }
  static torch::Tensor drawn(const losses::Loss&, const torch::Tensor& outputs) {
    const torch::Tensor rows = outputs.dim() == 2 ? outputs : outputs.reshape({-1, outputs.size(-1)});
    return torch::multinomial(rows.softmax(1), 1).squeeze(1);
  }
};

}  // namespace basin::nn
