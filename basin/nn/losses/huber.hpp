// Huber with libtorch; losses/huber.hpp defines it.
#pragma once
#include <torch/nn/functional/loss.h>

#include <cmath>
#include <numbers>

#include "basin/nn/losses/shapes.hpp"

namespace basin::nn {

struct Huber {
  using Description = losses::Huber;

  static torch::Tensor mean(const losses::Loss& loss, const torch::Tensor& outputs,
                            const torch::Tensor& targets) {
    return torch::huber_loss(outputs, values_of(loss, outputs, targets), at::Reduction::Mean, loss.delta);
  }
  // Gaussian up to delta on either side of the outputs, exponential beyond: a density in proportion to
  // e^(-huber(d) / outputs of an example).
  static torch::Tensor drawn(const losses::Loss& loss, const torch::Tensor& outputs) {
    const double variance = outputs_of_an_example(outputs), deviation = std::sqrt(variance);
    const double within = std::erf(loss.delta / (deviation * std::numbers::sqrt2));  // of a whole Gaussian
    const double middle = std::sqrt(2 * std::numbers::pi) * deviation * within;
    const double tails = 2 * variance / loss.delta * std::exp(-loss.delta * loss.delta / (2 * variance));
    const torch::Tensor sign = torch::rand_like(outputs).sub(0.5).sign();
    const torch::Tensor near =
        deviation * std::numbers::sqrt2 * (within * torch::rand_like(outputs)).erfinv();
    const torch::Tensor far = loss.delta + variance / loss.delta * torch::empty_like(outputs).exponential_();
    return outputs + sign * torch::where(torch::rand_like(outputs) < middle / (middle + tails), near, far);
  }
};

}  // namespace basin::nn
