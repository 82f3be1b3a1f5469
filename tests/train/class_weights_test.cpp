// The weights of a balanced loss come from the examples that are trained on.
#include "basin/train/class_weights.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "basin/nn/losses/losses.hpp"
#include "tests/refusal.hpp"

namespace basin::train {
namespace {

Batch with_classes(const std::vector<std::int64_t>& classes) {
  return {torch::zeros({static_cast<std::int64_t>(classes.size()), 1}), torch::tensor(classes)};
}

std::unique_ptr<Examples> examples(const std::vector<std::int64_t>& train) {
  return tensor_examples(with_classes(train), with_classes({0}), with_classes({1, 1, 1}));
}

TEST(ClassWeights, AreBalancedOverTheTrainingPart) {
  const auto some = examples({0, 0, 0, 1});
  const losses::Loss loss = with_class_weights(losses::Loss::parse("cross_entropy balanced"), *some, 2);
  EXPECT_EQ(loss.text(), "cross_entropy weights 0.6666666666666666 2");
  EXPECT_FALSE(loss.balanced);
  EXPECT_GT(
      nn::mean_loss(loss, torch::zeros({4, 2}), torch::tensor({0, 0, 0, 1}, torch::kInt64)).item<double>(), 0)
      << "a loss that is not resolved is refused";
}

TEST(ClassWeights, CountEveryExampleOfManyBatches) {
  std::vector<std::int64_t> classes(2500, 0);
  for (std::size_t i = 0; i < classes.size(); i += 5) classes[i] = 2;
  const auto many = examples(classes);
  const losses::Loss loss = with_class_weights(losses::Loss::parse("cross_entropy balanced"), *many, 4);
  EXPECT_EQ(loss.weights, (std::vector<double>{0.625, 1, 2.5, 1}))
      << "a class without an example has weight 1";
}

TEST(ClassWeights, WithoutANumberOfClassesTheExamplesSayIt) {
  const auto some = examples({0, 2, 2, 1});
  EXPECT_EQ(with_class_weights(losses::Loss::parse("cross_entropy balanced"), *some).weights.size(), 3u);
  const auto one = examples({0, 0});
  EXPECT_EQ(with_class_weights(losses::Loss::parse("binary_cross_entropy balanced"), *one).weights.size(),
            2u);
}

TEST(ClassWeights, OtherLossesAreAsTheyWereAndValuesAreRefused) {
  const Batch values{torch::zeros({3, 1}), torch::rand({3, 1})};
  const auto regression = tensor_examples(values, values, values);
  for (const char* text : {"mse", "cross_entropy weights 1 3", "cross_entropy"})
    EXPECT_EQ(with_class_weights(losses::Loss::parse(text), *regression), losses::Loss::parse(text));
  EXPECT_EQ(
      refusal([&] { with_class_weights(losses::Loss::parse("binary_cross_entropy balanced"), *regression); }),
      "balanced weighs classes, but the targets of these examples are values");
}

}  // namespace
}  // namespace basin::train
