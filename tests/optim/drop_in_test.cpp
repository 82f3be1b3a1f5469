// A program written for torch::optim, with basin::optim instead: every name exists and does the same.
#include <torch/torch.h>

#include <sstream>

#include "basin/optim/optim.hpp"
#include "tests/optim/problem.hpp"

using namespace torch::nn;
using namespace basin::optim;

namespace {

struct OwnOptions : OptimizerCloneableOptions<OwnOptions> {
  double lr = 1;
};
struct OwnState : OptimizerCloneableParamState<OwnState> {};

// As a user of torch::optim::Optimizer would derive from it.
struct Own : Optimizer {
  explicit Own(std::vector<torch::Tensor> parameters)
      : Optimizer({OptimizerParamGroup(std::move(parameters))}, std::make_unique<OwnOptions>()) {}
  torch::Tensor step(LossClosure = nullptr) override { return {}; }
};

template <class Class, class Options, class State>
double train(Options options) {
  basin::optim::Problem problem;
  Class optimizer(problem.parameters(), options);
  Optimizer& base = optimizer;
  StepLR schedule(base, 2, 0.5);
  LRScheduler& scheduler = schedule;
  const auto closure = [&] {
    base.zero_grad();
    const torch::Tensor loss = problem.loss();
    loss.backward();
    return loss;
  };
  for (int i = 0; i < 4; ++i) base.step(closure), scheduler.step();
  EXPECT_GT(base.state().size(), 0U);
  for (const auto& entry : base.state()) EXPECT_TRUE(dynamic_cast<const State*>(entry.second.get()));
  EXPECT_TRUE(dynamic_cast<const Options*>(&base.param_groups()[0].options()));
  std::stringstream file;
  torch::save(optimizer, file);
  torch::load(optimizer, file);
  return base.param_groups()[0].options().get_lr();
}

// StepLR counts one behind: after four of its steps, the rate has been halved once.
TEST(DropIn, EveryNameOfLibtorchIsThere) {
  EXPECT_EQ((train<SGD, SGDOptions, SGDParamState>(SGDOptions(0.8).momentum(0.9))), 0.4);
  EXPECT_EQ((train<Adam, AdamOptions, AdamParamState>(AdamOptions(0.8))), 0.4);
  EXPECT_EQ((train<AdamW, AdamWOptions, AdamWParamState>(AdamWOptions(0.8))), 0.4);
  EXPECT_EQ((train<Adagrad, AdagradOptions, AdagradParamState>(AdagradOptions(0.8))), 0.4);
  EXPECT_EQ((train<RMSprop, RMSpropOptions, RMSpropParamState>(RMSpropOptions(0.8))), 0.4);
  EXPECT_EQ((train<LBFGS, LBFGSOptions, LBFGSParamState>(LBFGSOptions(0.8))), 0.4);
}

TEST(DropIn, AnOptimizerOfOnesOwnDerivesFromTheClass) {
  const OptimizerParamState& state = OwnState();
  EXPECT_TRUE(dynamic_cast<const OwnState*>(&state));
  Linear linear(3, 4);
  Own optimizer(linear->parameters());
  EXPECT_EQ(static_cast<const OwnOptions&>(optimizer.defaults()).lr, 1);
  EXPECT_EQ(optimizer.param_groups()[0].params().size(), 2U);
  EXPECT_FALSE(optimizer.step().defined());
}

#ifdef BASIN_TORCH_HAS_PLATEAU
TEST(DropIn, APlateauLowersTheRate) {
  SGD optimizer(std::vector<torch::Tensor>{torch::ones(2)}, SGDOptions(1.0));
  ReduceLROnPlateauScheduler scheduler(optimizer, ReduceLROnPlateauScheduler::min, 0.5f, 0);
  for (int i = 0; i < 3; ++i) scheduler.step(1.0f);
  EXPECT_LT(optimizer.param_groups()[0].options().get_lr(), 1);
}
#endif

}  // namespace
