#include "basin/train/loss.hpp"

#include <torch/nn/functional/loss.h>

namespace basin::train {

torch::Tensor mean_loss(Loss loss, const torch::Tensor& outputs, const torch::Tensor& targets) {
  if (loss == Loss::cross_entropy) return torch::nll_loss(outputs.log_softmax(1), targets);
  if (targets.is_floating_point()) return torch::mse_loss(outputs, targets.view_as(outputs));
  return torch::mse_loss(outputs, torch::one_hot(targets, outputs.size(1)).to(outputs.scalar_type()));
}

std::int64_t count_correct(const torch::Tensor& outputs, const torch::Tensor& targets) {
  if (targets.is_floating_point()) return -1;
  const torch::NoGradGuard no_gradients;
  return outputs.argmax(1).eq(targets).sum().item<std::int64_t>();
}

}  // namespace basin::train
