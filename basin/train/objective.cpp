#include "basin/train/objective.hpp"

#include <torch/utils.h>

#include "basin/core/error.hpp"

namespace basin::train {

Objective::Objective(const losses::Loss& loss, const nn::Regularization& regularization,
                     std::vector<torch::Tensor> parameters)
    : loss_(loss), regularization_(regularization) {
  if (regularization.label_smoothing > 0 && loss.name != "cross_entropy")
    throw InputError("regularize: label_smoothing needs cross-entropy, and this problem has another loss");
  for (torch::Tensor& parameter : parameters)
    if (parameter.dim() >= 2) weights_.push_back(std::move(parameter));
}

torch::Tensor Objective::loss_of(const torch::Tensor& outputs, const torch::Tensor& targets) const {
  const double smoothing = regularization_.label_smoothing;
  if (smoothing == 0) return nn::mean_loss(loss_, outputs, targets);
  const torch::Tensor log_probabilities = outputs.log_softmax(-1);
  return (1 - smoothing) * nn::mean_loss(loss_, outputs, targets) - smoothing * log_probabilities.mean();
}

torch::Tensor Objective::training_loss(const torch::Tensor& outputs, const Mixed& batch) const {
  const torch::Tensor own = loss_of(outputs, batch.targets);
  if (!batch.others.defined()) return own;
  return batch.share * own + (1 - batch.share) * loss_of(outputs, batch.others);
}

double Objective::penalty() const {
  const double l1 = regularization_.l1, l2 = regularization_.l2;
  if (l1 == 0 && l2 == 0) return 0;
  const torch::NoGradGuard no_gradients;
  double sum = 0;
  for (const torch::Tensor& w : weights_) {
    if (l1 > 0) sum += l1 * w.abs().sum().item<double>();
    if (l2 > 0) sum += l2 * w.square().sum().item<double>();
  }
  return sum;
}

void Objective::add_gradients() const {
  const double l1 = regularization_.l1, l2 = regularization_.l2;
  if (l1 == 0 && l2 == 0) return;
  const torch::NoGradGuard no_gradients;
  for (const torch::Tensor& w : weights_) {
    if (!w.grad().defined()) continue;
    torch::Tensor gradient = w.grad();
    if (gradient.is_sparse())
      throw InputError(
          "regularize: l1 and l2 change every weight, but this network has a sparse gradient; "
          "leave them out, or make the gradient dense");
    if (l1 > 0) gradient.add_(w.sign(), l1);
    if (l2 > 0) gradient.add_(w, 2 * l2);
  }
}

void Objective::bound_weights() const {
  if (regularization_.max_norm == 0) return;
  const torch::NoGradGuard no_gradients;
  for (torch::Tensor w : weights_) w.renorm_(2, 0, regularization_.max_norm.value);
}

}  // namespace basin::train
