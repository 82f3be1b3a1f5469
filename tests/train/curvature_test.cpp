// The estimate of the Hessian's diagonal has the mean that calculus gives, for a linear network under both
// losses.
#include "basin/train/curvature.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "basin/rules/adam.hpp"
#include "basin/rules/sophia.hpp"

namespace basin::train {
namespace {

struct Linear {
  std::shared_ptr<nn::Network> network = nn::make_network(nn::parse_layers("flatten, linear 3", {1, 2, 1}));
  optim::Of<rules::Sophia> optimizer{network->parameters(), {.lr = 0, .beta2 = 0.9995}};
  torch::Tensor inputs;

  Linear() {
    torch::manual_seed(3);
    inputs = torch::randn({32, 1, 1, 2});
    for (torch::Tensor& p : network->parameters()) p.mutable_grad() = torch::zeros_like(p);
    optimizer.step();  // creates the slots
  }
  // The bias-corrected slot of the first parameter after many estimates.
  torch::Tensor estimated(const losses::Loss& loss) {
    constexpr int times = 4'000;
    for (int i = 0; i < times; ++i) estimate_curvature(*network, optimizer, inputs, loss);
    const auto& state = dynamic_cast<const optim::ParamState&>(
        *optimizer.state().at(optim::key_of(network->parameters()[0])));
    return state.slots[1] / (1 - std::pow(0.9995, times));
  }
};

// 4,000 draws, weighted like 3,000 independent ones: a relative deviation of sqrt(2/3,000) = 2.6 %.
constexpr double four_deviations = 0.1;

TEST(Curvature, IsThatOfASquaredError) {
  Linear linear;
  const torch::Tensor squares =
      linear.inputs.flatten(1).pow(2).mean(0) * 2 / 3;  // for each weight, in every row
  const torch::Tensor found = linear.estimated(losses::Loss{"mse"});
  EXPECT_TRUE(torch::allclose(found, squares.expand_as(found), four_deviations)) << found << squares;
}

TEST(Curvature, IsThatOfACrossEntropy) {
  Linear linear;
  const torch::Tensor p = linear.network->forward(linear.inputs).softmax(1).detach();
  const torch::Tensor wanted = (p * (1 - p)).t().mm(linear.inputs.flatten(1).pow(2)) / 32;
  const torch::Tensor found = linear.estimated(losses::Loss{});
  EXPECT_TRUE(torch::allclose(found, wanted, four_deviations)) << found << wanted;
}

TEST(Curvature, LeavesNoGradientsAndNoOtherRuleAsksForIt) {
  Linear linear;
  EXPECT_TRUE(linear.optimizer.wants_curvature());
  EXPECT_FALSE(optim::Of<rules::Adam>(linear.network->parameters()).wants_curvature());
  estimate_curvature(*linear.network, linear.optimizer, linear.inputs, losses::Loss{"mse"});
  for (const torch::Tensor& p : linear.network->parameters()) EXPECT_FALSE(p.grad().defined());
}

}  // namespace
}  // namespace basin::train
