// Every named optimizer x the promises of torch::optim::Optimizer.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <sstream>

#include "basin/optim/optimizer.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

// Two parameters, one of them strided, on a bumpy surface that changes at every step: nothing comes to rest.
struct Surface {
  std::vector<Tensor> parameters{torch::linspace(-1, 1, 12).reshape({3, 4}),
                                 torch::linspace(-2, 2, 10).slice(0, 0, 10, 2)};
  int steps = 0;

  Surface() {
    for (Tensor& p : parameters) p.requires_grad_();
  }
  void train(Optimizer& optimizer, int count) {
    for (int i = 0; i < count; ++i, ++steps) {
      for (Tensor& p : parameters) p.mutable_grad() = torch::sin(7 * p.detach() + 0.3 * steps) + 0.1;
      optimizer.step();
    }
  }
  bool equals(const Surface& other) const {
    return torch::equal(parameters[0], other.parameters[0]) &&
           torch::equal(parameters[1], other.parameters[1]);
  }
};

std::vector<std::string> optimizers() {
  std::vector<std::string> names;
  for (const RuleInfo& info : catalogue()) names.push_back(info.name);
  return names;
}

class EveryOptimizer : public ::testing::TestWithParam<std::string> {
 protected:
  // Saves one optimizer and loads the state into a fresh one with the same parameters.
  static void hand_over(const Optimizer& from, Optimizer& to) {
    std::stringstream file;
    torch::save(from, file);
    torch::load(to, file);
  }
  const kernels::Chain chain_ = kernels::Chain::parse("clip_global_norm:2+" + GetParam());
};

TEST_P(EveryOptimizer, ContinuesFromASavedStateWithTheSameBits) {
  Surface whole, resumed;
  Optimizer straight(whole.parameters, chain_), first(resumed.parameters, chain_),
      second(resumed.parameters, chain_);
  whole.train(straight, 20);
  resumed.train(first, 9);
  hand_over(first, second);
  resumed.train(second, 11);
  EXPECT_TRUE(whole.equals(resumed));
}

TEST_P(EveryOptimizer, ContinuesFromAStateSavedInEvalMode) {
  Surface whole, resumed;
  Optimizer straight(whole.parameters, chain_), first(resumed.parameters, chain_),
      second(resumed.parameters, chain_);
  whole.train(straight, 9);
  straight.eval();
  straight.train();
  whole.train(straight, 11);
  resumed.train(first, 9);
  first.eval();
  hand_over(first, second);
  EXPECT_EQ(second.mode(), Mode::eval);
  second.train();
  resumed.train(second, 11);
  EXPECT_TRUE(whole.equals(resumed));
}

// A round trip rounds a few times; schedule-free divides by beta1 on the way.
TEST_P(EveryOptimizer, EvalAndTrainUndoEachOther) {
  Surface surface;
  Optimizer optimizer(surface.parameters, chain_);
  surface.train(optimizer, 10);
  const Tensor matrix = surface.parameters[0].detach().clone(),
               strided = surface.parameters[1].detach().clone();
  optimizer.eval();
  const bool elsewhere =
      optimizer.rule().table().two_points && GetParam() != "asgd";  // its mean begins at step 1e6
  EXPECT_EQ(torch::equal(matrix, surface.parameters[0]), !elsewhere);
  EXPECT_EQ(torch::equal(strided, surface.parameters[1]), !elsewhere);
  optimizer.eval();  // already in this mode
  optimizer.train();
  EXPECT_TRUE(torch::allclose(matrix, surface.parameters[0], 1e-6, 1e-6));
  EXPECT_TRUE(torch::allclose(strided, surface.parameters[1], 1e-6, 1e-6));
}

TEST_P(EveryOptimizer, RefusesAStepInEvalModeAndChangesNothing) {
  Surface surface;
  Optimizer optimizer(surface.parameters, chain_);
  surface.train(optimizer, 3);
  optimizer.eval();
  const Tensor before = surface.parameters[0].detach().clone();
  EXPECT_THROW(optimizer.step(), InputError);
  EXPECT_TRUE(torch::equal(before, surface.parameters[0]));
  optimizer.train();
  EXPECT_NO_THROW(optimizer.step());
}

TEST_P(EveryOptimizer, CountsAStepLeftOutAndDoesNotAdvance) {
  Surface plain, poisoned;
  const kernels::Chain chain = kernels::Chain::parse("skip_nonfinite+" + GetParam());
  Optimizer expected(plain.parameters, chain), optimizer(poisoned.parameters, chain);
  plain.train(expected, 3);
  poisoned.train(optimizer, 3);
  poisoned.parameters[1].mutable_grad()[2] = std::numeric_limits<float>::infinity();
  optimizer.step();
  EXPECT_TRUE(plain.equals(poisoned));
  EXPECT_EQ(optimizer.skipped(), 1);
  plain.train(expected, 3);
  poisoned.train(optimizer, 3);
  EXPECT_TRUE(plain.equals(poisoned));
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryOptimizer, ::testing::ValuesIn(optimizers()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace basin::optim
