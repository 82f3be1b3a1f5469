// The range test on a network: it finds a rate that trains, and leaves no trace.
#include "basin/train/find_rate.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "basin/core/error.hpp"
#include "basin/train/fit.hpp"
#include "basin/train/weights.hpp"

namespace basin::train {
namespace {

constexpr auto layers = "batch-norm, linear 16, relu, dropout 0.3, linear 2";

// Two classes separated by a plane.
Batch plane(std::int64_t n, std::uint64_t seed) {
  torch::manual_seed(seed);
  const torch::Tensor x = torch::randn({n, 6});
  return {x, (x.sum(1) > 0).to(torch::kInt64)};
}

struct Trial {
  std::shared_ptr<nn::Network> network = nn::make_network(nn::parse_layers(layers, {1, 1, 6}));
  std::unique_ptr<Examples> examples = tensor_examples(plane(400, 1), plane(50, 2), plane(50, 3));
  FitOptions options{.batch_size = 32};
  Trial() { nn::initialize(*network, "default", 1, 0); }
  std::vector<double> losses(const RangeTest& test = {}) {
    return range_losses(*network, kernels::Chain::parse("adam"), *examples, test, options);
  }
};

TEST(RangeLosses, LeaveEverythingAsItWas) {
  Trial trial;
  torch::manual_seed(7);
  // Gradients of a step that has not been taken, and a non-default mode.
  trial.network->forward(torch::randn({4, 6})).sum().backward();
  trial.network->eval();
  const Weights before = snapshot(*trial.network);
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& p : trial.network->parameters()) gradients.push_back(p.grad().clone());
  const torch::Tensor random = at::detail::getDefaultCPUGenerator().get_state();

  EXPECT_GT(trial.losses().size(), 20u);

  const Weights after = snapshot(*trial.network);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(torch::equal(before[i].second, after[i].second)) << before[i].first;
  for (std::size_t i = 0; i < gradients.size(); ++i)
    EXPECT_TRUE(torch::equal(trial.network->parameters()[i].grad(), gradients[i]));
  EXPECT_TRUE(torch::equal(at::detail::getDefaultCPUGenerator().get_state(), random));
  EXPECT_FALSE(trial.network->is_training());
}

TEST(RangeLosses, AreTheSameToTheBitWhenRepeated) {
  Trial trial;
  const auto once = trial.losses();
  EXPECT_EQ(trial.losses(), once);
}

TEST(RangeLosses, TrainingAfterwardsIsTrainingWithout) {
  const auto trained = [](bool tested) {
    Trial trial;
    if (tested) trial.losses();
    optim::Optimizer optimizer(trial.network->parameters(), kernels::Chain::parse("adam"));
    Watcher watcher;
    const Fit done =
        fit(*trial.network, optimizer, *trial.examples, {.epochs = 2, .batch_size = 32}, watcher);
    return value_of(done.rows.back().train, "loss");
  };
  EXPECT_EQ(trained(true), trained(false));
}

TEST(RangeLosses, SuggestARateThatTrains) {
  Trial trial;
  const RangeTest test;
  const double rate = range_curve(test, trial.losses(test)).suggestion;
  const auto loss_with = [](double lr) {
    Trial fresh;
    kernels::Chain chain = kernels::Chain::parse("adam");
    chain.rule.set("lr", lr);
    optim::Optimizer optimizer(fresh.network->parameters(), chain);
    Watcher watcher;
    const Fit done =
        fit(*fresh.network, optimizer, *fresh.examples, {.epochs = 3, .batch_size = 32}, watcher);
    return value_of(done.rows.back().train, "loss");
  };
  EXPECT_LT(loss_with(rate), loss_with(rate / 100));
  EXPECT_LT(loss_with(rate), loss_with(rate * 100));
}

TEST(RangeLosses, RestoreTheNetworkWhenTheyThrow) {
  Trial trial;
  const Weights before = snapshot(*trial.network);
  EXPECT_THROW(trial.losses({1, 0.1, 100}), InputError);
  trial.options.regularization.label_smoothing = 0.1;
  trial.options.loss = losses::Loss{"mse"};
  EXPECT_THROW(trial.losses(), InputError);
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(torch::equal(before[i].second, snapshot(*trial.network)[i].second));
}

}  // namespace
}  // namespace basin::train
