// basin's optimizers in a plain libtorch loop: a small perceptron learns XOR.
//
//   cmake --build build/release --target plain_loop && build/release/bin/plain_loop
#include <torch/torch.h>

#include <cstdio>

#include "basin/optim/optim.hpp"

int main() {
  torch::manual_seed(1);
  torch::nn::Sequential model(torch::nn::Linear(2, 8), torch::nn::Tanh(), torch::nn::Linear(8, 1));
  const auto inputs = torch::tensor({{0.f, 0.f}, {0.f, 1.f}, {1.f, 0.f}, {1.f, 1.f}});
  const auto targets = torch::tensor({{0.f}, {1.f}, {1.f}, {0.f}});

  basin::optim::AdamW optimizer(model->parameters(), {.lr = 0.05, .weight_decay = 1e-3});
  for (int step = 1; step <= 200; ++step) {
    optimizer.zero_grad();
    const auto loss = torch::binary_cross_entropy_with_logits(model->forward(inputs), targets);
    loss.backward();
    optimizer.step();
    if (step % 50 == 0) std::printf("step %3d  loss %.4f\n", step, loss.item<double>());
  }
}
