// Mean absolute error with libtorch; losses/mae.hpp defines it.
#pragma once
#include <torch/nn/functional/loss.h>

#include "basin/nn/losses/shapes.hpp"

namespace basin::nn {

struct Mae {
  using Description = losses::Mae;

  static torch::Tensor mean(const losses::Loss& loss, const torch::Tensor& outputs,
                            const torch::Tensor& targets) {
    return torch::l1_loss(outputs, values_of(loss, outputs, targets));
  }
  // Laplace about the outputs: exponential on either side.
  static torch::Tensor drawn(const losses::Loss&, const torch::Tensor& outputs) {
    const torch::Tensor side = torch::rand_like(outputs).sub(0.5).sign();
    return outputs + outputs_of_an_example(outputs) * side * torch::empty_like(outputs).exponential_();
  }
};

}  // namespace basin::nn
