// A small network that is optimized twice, by libtorch and by basin.
#pragma once
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

#include "basin/core/error.hpp"
#include "tests/refusal.hpp"

namespace basin::optim {

// Fixed weights, and a loss that varies enough to exercise every term of a rule.
struct Problem {
  explicit Problem(torch::ScalarType type = torch::kFloat64, torch::Device device = torch::kCPU) {
    torch::manual_seed(7);
    net = torch::nn::Sequential(torch::nn::Linear(2, 3), torch::nn::Sigmoid(), torch::nn::Linear(3, 1),
                                torch::nn::Sigmoid());
    net->to(type);
    inputs = torch::rand({16, 2}, type);
    targets = torch::rand({16, 1}, type);
    net->to(device), inputs = inputs.to(device), targets = targets.to(device);
  }
  torch::Tensor loss() { return torch::mse_loss(net->forward(inputs), targets); }
  std::vector<torch::Tensor> parameters() const { return net->parameters(); }
  torch::nn::Sequential net{nullptr};
  torch::Tensor inputs, targets;
};

inline void train(Problem& problem, torch::optim::Optimizer& optimizer, int steps) {
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    problem.loss().backward();
    optimizer.step();
  }
}

inline double difference(const Problem& a, const Problem& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.parameters().size(); ++i)
    worst = std::max(worst, (a.parameters()[i].cpu() - b.parameters()[i].cpu()).abs().max().item<double>());
  return worst;
}

}  // namespace basin::optim
