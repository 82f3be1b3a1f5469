// The loss with its penalties, compared with libtorch's autograd and losses.
#include "basin/train/objective.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "basin/core/error.hpp"

namespace basin::train {
namespace {

struct Weights {
  torch::Tensor matrix = torch::randn({4, 3}, torch::dtype(torch::kFloat64)).requires_grad_();
  torch::Tensor kernel = torch::randn({2, 3, 2, 2}, torch::dtype(torch::kFloat64)).requires_grad_();
  torch::Tensor bias = torch::randn({4}, torch::dtype(torch::kFloat64)).requires_grad_();
  std::vector<torch::Tensor> all() const { return {matrix, kernel, bias}; }
};

TEST(Objective, PenaltyAndItsGradientAreThoseOfTheFormula) {
  torch::manual_seed(1);
  Weights w;
  const Objective objective(losses::Loss{}, {.l1 = 0.3, .l2 = 0.7}, w.all());
  torch::Tensor formula = torch::zeros({}, torch::kFloat64);
  for (const torch::Tensor& t : {w.matrix, w.kernel})
    formula = formula + 0.3 * t.abs().sum() + 0.7 * t.square().sum();
  EXPECT_NEAR(objective.penalty(), formula.item<double>(),
              1e-13 * formula.item<double>());  // 36 sums in double
  formula.backward();
  std::vector<torch::Tensor> wanted;
  for (const torch::Tensor& t : {w.matrix, w.kernel}) wanted.push_back(t.grad().clone());
  for (const torch::Tensor& t : w.all()) t.mutable_grad() = torch::ones_like(t);
  objective.add_gradients();
  EXPECT_TRUE(torch::allclose(w.matrix.grad(), wanted[0] + 1, 1e-14, 1e-14));
  EXPECT_TRUE(torch::allclose(w.kernel.grad(), wanted[1] + 1, 1e-14, 1e-14));
  EXPECT_TRUE(torch::equal(w.bias.grad(), torch::ones({4}, torch::kFloat64))) << "biases are left alone";
}

TEST(Objective, RefusesPenaltiesOfASparseGradient) {
  torch::Tensor table = torch::rand({4, 2}).requires_grad_();
  torch::embedding(table, torch::tensor({1, 3}), -1, false, /*sparse=*/true).sum().backward();
  ASSERT_TRUE(table.grad().is_sparse());
  try {
    Objective(losses::Loss{}, {.l2 = 1e-3}, {table}).add_gradients();
    FAIL() << "it was taken";
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()).find("regularize: l1 and l2 change every weight"), 0u)
        << error.what();
  }
  EXPECT_NO_THROW(Objective(losses::Loss{}, {.max_norm = 1}, {table}).add_gradients());
}

TEST(Objective, SmoothedLabelsAreThoseOfLibtorch) {
  torch::manual_seed(2);
  const torch::Tensor outputs = torch::randn({8, 5}, torch::kFloat64),
                      targets = torch::randint(5, {8}, torch::kInt64);
  const Objective objective(losses::Loss{}, {.label_smoothing = 0.1}, {});
  const double wanted =
      torch::cross_entropy_loss(outputs, targets, {}, at::Reduction::Mean, -100, 0.1).item<double>();
  EXPECT_NEAR(objective.training_loss(outputs, {{}, targets, {}, 1}).item<double>(), wanted, 1e-14);
  EXPECT_THROW(Objective(losses::Loss{"mse"}, {.label_smoothing = 0.1}, {}), InputError);
}

TEST(Objective, MixedTargetsShareTheLoss) {
  torch::manual_seed(3);
  const torch::Tensor outputs = torch::randn({6, 3}), a = torch::randint(3, {6}, torch::kInt64),
                      b = a.flip(0);
  const Objective objective(losses::Loss{}, {}, {});
  const double own = nn::mean_loss(losses::Loss{}, outputs, a).item<double>();
  const double other = nn::mean_loss(losses::Loss{}, outputs, b).item<double>();
  // A few operations in float.
  EXPECT_NEAR(objective.training_loss(outputs, {{}, a, b, 0.25}).item<double>(), 0.25 * own + 0.75 * other,
              1e-6);
}

TEST(Objective, MaxNormBoundsWhatEntersAUnitAndLeavesShortOnes) {
  Weights w;
  {
    const torch::NoGradGuard no_gradients;
    w.matrix.fill_(0.1);
    w.matrix[1].fill_(5);
  }
  const torch::Tensor bias = w.bias.clone();
  Objective(losses::Loss{}, {.max_norm = 2}, w.all()).bound_weights();
  EXPECT_NEAR(w.matrix[1].norm().item<double>(), 2, 1e-6);  // libtorch adds 1e-7 to the norm it divides by
  EXPECT_TRUE(torch::equal(w.matrix[0], torch::full({3}, 0.1, torch::kFloat64)));
  EXPECT_LE(w.kernel.flatten(1).norm(2, 1).max().item<double>(), 2 + 1e-6);
  EXPECT_TRUE(torch::equal(w.bias, bias));
}

}  // namespace
}  // namespace basin::train
