// Rules with row and column state over libtorch's tensors: shapes, layouts and the stored values.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <sstream>

#include "basin/optim/named_state.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

const char* const matrix_rules[] = {"adafactor", "came", "sm3", "sm3_momentum"};

Tensor start(std::vector<std::int64_t> shape) {
  const Tensor x = torch::zeros(shape);
  return x + torch::sin(torch::arange(x.numel()).to(torch::kFloat32)).reshape(shape);
}

// Returns where a parameter with the layout of `x` ends.
Tensor trained(const std::string& chain, const Tensor& x, int steps = 5) {
  const Tensor parameter = x.detach().clone(torch::MemoryFormat::Preserve).requires_grad_();
  Optimizer optimizer(std::vector<Tensor>{parameter}, kernels::Chain::parse(chain));
  for (int t = 0; t < steps; ++t) {
    parameter.mutable_grad() = torch::cos(3 * parameter.detach() + t);
    optimizer.step();
  }
  return parameter.detach();
}

const ParamState& only_state(Optimizer& optimizer) {
  return static_cast<const ParamState&>(*optimizer.state().begin()->second);
}

TEST(MatrixRules, KeepOneNumberARowAndOneAColumn) {
  const Tensor x = start({8, 3, 2, 2}).contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
  Optimizer optimizer(std::vector<Tensor>{x}, kernels::Chain::parse("adafactor"));
  x.mutable_grad() = torch::cos(x.detach());
  optimizer.step();
  const ParamState& state = only_state(optimizer);
  EXPECT_EQ(state.slots[0].sizes(), at::IntArrayRef({8, 1, 1, 1}));
  EXPECT_EQ(state.slots[1].sizes(), at::IntArrayRef({1, 3, 2, 2}));
  EXPECT_EQ(optimizer.state_bytes(), 4 * (8 + 12));
  // 1 - t^-0.8 is 0 in the first step: the stored value is the mean of this gradient.
  const Tensor square = x.grad().square();
  EXPECT_TRUE(torch::allclose(state.slots[0], square.mean({1, 2, 3}, true)));
  EXPECT_TRUE(torch::allclose(state.slots[1], square.mean(0, true)));
}

TEST(MatrixRules, DoNotDependOnTheOrderInMemory) {
  for (const std::string rule : matrix_rules) {
    const Tensor image = start({8, 3, 2, 2}), matrix = start({6, 9});
    const Tensor channels_last = image.contiguous(torch::MemoryFormat::ChannelsLast);
    EXPECT_TRUE(torch::allclose(trained(rule, image), trained(rule, channels_last))) << rule;
    const Tensor transposed = matrix.t().contiguous().t();
    EXPECT_TRUE(torch::equal(trained(rule, matrix), trained(rule, transposed))) << rule;
  }
}

// A link that uses rows has the same requirement.
TEST(MatrixRules, RowsOfATransposedParameterAreThoseThatItShows) {
  const Tensor matrix = start({6, 9}), transposed = matrix.t().contiguous().t();
  EXPECT_TRUE(torch::equal(trained("agc:0.01+sgd", matrix), trained("agc:0.01+sgd", transposed)));
  EXPECT_FALSE(torch::equal(trained("agc:0.01+sgd", matrix), trained("sgd", matrix)));
}

TEST(MatrixRules, TakeEmptyAndSingleParameters) {
  for (const std::string rule : matrix_rules) {
    EXPECT_EQ(trained(rule, torch::empty({0, 4})).numel(), 0) << rule;
    EXPECT_EQ(trained(rule, torch::empty({4, 0})).numel(), 0) << rule;
    EXPECT_TRUE(trained(rule, torch::ones({})).isfinite().item<bool>()) << rule;
    EXPECT_TRUE(trained(rule, torch::ones({1, 1})).isfinite().item<bool>()) << rule;
  }
}

TEST(MatrixRules, StandInChains) {
  const Tensor x = start({6, 9});
  EXPECT_TRUE(torch::equal(trained("clip_global_norm:1e9+came", x), trained("came", x)));
  for (const std::string chain :
       {"clip_value:0.1+adafactor", "agc:0.01+sm3", "came+cautious",
        "clip_global_norm:0.1+adafactor+trust_ratio", "sm3+trust_ratio+l1_decay:0.1"})
    EXPECT_FALSE(torch::equal(trained(chain, x), x)) << chain;
}

TEST(MatrixRules, RefuseAStateOfAnotherShapeAndSayWhatTheyWanted) {
  torch::nn::Linear layer(4, 3);
  Optimizer optimizer(layer->parameters(), kernels::Chain::parse("adafactor"));
  layer(torch::ones({2, 4})).sum().backward();
  optimizer.step();
  NamedState state = named_state(optimizer, layer->named_parameters());
  EXPECT_NO_THROW(restore(optimizer, state, layer->named_parameters()));
  state.parameters.at("weight").slots.at("col_var") = torch::zeros({3, 4});
  try {
    restore(optimizer, state, layer->named_parameters());
    FAIL() << "it was taken";
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(),
              std::string("loaded optimizer state has col_var of 'weight' of shape [3, 4] and type "
                          "Float; wanted [1, 4] and Float"));
  }
}

}  // namespace
}  // namespace basin::optim
