// Trains a small network in a plain libtorch loop with an optimizer of basin.
#include <torch/torch.h>

#include <cstdio>

#include "basin/optim/optim.hpp"

int main() {
  torch::manual_seed(1);
  torch::nn::Sequential model(torch::nn::Linear(2, 16), torch::nn::Tanh(), torch::nn::Linear(16, 1));
  basin::optim::AdamW optimizer(model->parameters(), {.lr = 1e-2});

  const auto inputs = torch::rand({256, 2}) * 2 - 1;
  const auto targets = inputs.prod(1, /*keepdim=*/true);
  const auto loss_now = [&] { return torch::mse_loss(model->forward(inputs), targets); };
  const double before = loss_now().item<double>();
  for (int step = 0; step < 300; ++step) {
    optimizer.zero_grad();
    loss_now().backward();
    optimizer.step();
  }
  const double after = loss_now().item<double>();
  std::printf("loss %.4f -> %.4f\n", before, after);
  return after < before / 10 ? 0 : 1;
}
