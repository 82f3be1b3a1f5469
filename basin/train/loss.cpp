#include "basin/train/loss.hpp"

#include <torch/nn/functional/loss.h>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin::train {

Loss loss_named(const std::string& name) {
  if (name == "cross_entropy") return Loss::cross_entropy;
  if (name == "mse") return Loss::mse;
  throw InputError(unknown("loss", name, Names{"cross_entropy", "mse"}));
}

torch::Tensor mean_loss(Loss loss, const torch::Tensor& outputs, const torch::Tensor& targets) {
  if (loss == Loss::cross_entropy) return torch::nll_loss(outputs.log_softmax(1), targets);
  if (targets.is_floating_point()) return torch::mse_loss(outputs, targets.view_as(outputs));
  return torch::mse_loss(outputs, torch::one_hot(targets, outputs.size(1)).to(outputs.scalar_type()));
}

}  // namespace basin::train
