// Mean squared error with libtorch; losses/mse.hpp defines it.
#pragma once
#include <torch/nn/functional/loss.h>

#include <cmath>

#include "basin/nn/losses/shapes.hpp"

namespace basin::nn {

struct Mse {
  using Description = losses::Mse;

  static torch::Tensor mean(const losses::Loss& loss, const torch::Tensor& outputs,
                            const torch::Tensor& targets) {
    if (targets.is_floating_point()) return torch::mse_loss(outputs, values_of(loss, outputs, targets));
    const Rows rows = rows_of(loss, outputs, targets);
    return torch::mse_loss(rows.outputs,
                           torch::one_hot(rows.classes, rows.outputs.size(1)).to(outputs.scalar_type()));
  }
  // Gaussian about the outputs.
  static torch::Tensor drawn(const losses::Loss&, const torch::Tensor& outputs) {
    return outputs + std::sqrt(outputs_of_an_example(outputs) / 2) * torch::randn_like(outputs);
  }
};

}  // namespace basin::nn
