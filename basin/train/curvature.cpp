#include "basin/train/curvature.hpp"

#include <torch/utils.h>

namespace basin::train {
void estimate_curvature(nn::Network& network, optim::Optimizer& optimizer, const torch::Tensor& inputs,
                        const losses::Loss& loss) {
  const torch::Tensor outputs = network.forward(inputs);
  nn::mean_loss(loss, outputs, nn::draw_targets(loss, outputs)).backward();
  optimizer.add_curvature(inputs.size(0));
  for (torch::Tensor& parameter : network.parameters()) parameter.mutable_grad().reset();
}

}  // namespace basin::train
