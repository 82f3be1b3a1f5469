#include "basin/train/curvature.hpp"

#include <torch/torch.h>

#include <cmath>

namespace basin::train {
namespace {

torch::Tensor drawn(const torch::Tensor& outputs, Loss loss) {
  const torch::NoGradGuard no_grad;
  if (loss == Loss::cross_entropy) return torch::multinomial(outputs.softmax(1), 1).squeeze(1);
  const double each = static_cast<double>(outputs.numel()) / static_cast<double>(outputs.size(0));
  return outputs + std::sqrt(each / 2) * torch::randn_like(outputs);
}

}  // namespace

void estimate_curvature(nn::Network& network, optim::Optimizer& optimizer, const torch::Tensor& inputs,
                        Loss loss) {
  const torch::Tensor outputs = network.forward(inputs);
  mean_loss(loss, outputs, drawn(outputs, loss)).backward();
  optimizer.add_curvature(inputs.size(0));
  for (torch::Tensor& parameter : network.parameters()) parameter.mutable_grad().reset();
}

}  // namespace basin::train
