// A tally: scores in the unit of the targets, and the same bits after an interruption.
#include "basin/train/tally.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "tests/refusal.hpp"

namespace basin::train {
namespace {

TEST(Tally, ScoresAreInTheUnitOfTheTargets) {
  Tally tally({"loss", "mae", "rmse"}, {.mean = {100}, .sd = {10}});
  tally.add(0.5, torch::tensor({{1.0f}, {0.0f}}), torch::tensor({{0.0f}, {0.0f}}));
  tally.add(2, torch::tensor({{0.0f}}), torch::tensor({{2.0f}}));
  const Score score = tally.score();
  EXPECT_EQ(score.at("loss"), 1) << "the mean over the examples, as it is trained on";
  EXPECT_NEAR(score.at("mae"), 10, 1e-5);
  EXPECT_NEAR(score.at("rmse"), std::sqrt(500.0 / 3), 1e-5);
}

TEST(Tally, OutputsOfSeveralTargetsHaveTheirOwnScales) {
  Tally tally({"mae"}, {.mean = {0, 1000}, .sd = {1, 100}});
  tally.add(0, torch::tensor({{1.0f, 1.0f}}), torch::tensor({{0.0f, 0.0f}}));
  EXPECT_NEAR(tally.score().at("mae"), 50.5, 1e-4);
}

TEST(Tally, GoesOnWithTheSameBits) {
  const torch::Tensor outputs = torch::randn({30, 2}), classes = torch::randint(2, {30}, torch::kInt64);
  const auto part = [](const torch::Tensor& t, int i) { return t.slice(0, 10 * i, 10 * i + 10); };
  const Names names{"loss", "auc", "f1", "log_loss", "accuracy"};
  Tally whole(names), first(names), second(names);
  for (int i = 0; i < 3; ++i) {
    whole.add(0.1 * i, part(outputs, i), part(classes, i));
    if (i < 2) first.add(0.1 * i, part(outputs, i), part(classes, i));
  }
  second.add(9, part(outputs, 0), part(classes, 0));  // is forgotten
  second.resume(first.sums());
  second.add(0.1 * 2, part(outputs, 2), part(classes, 2));
  EXPECT_EQ(second.score(), whole.score());
  Tally others({"loss", "top5"});
  EXPECT_EQ(refusal([&] { others.resume(first.sums()); }), "sums without the metric top5");
}

TEST(Tally, StepsOfATextAreJudgedOneByOne) {
  Tally tally({"accuracy"});
  const torch::Tensor classes = torch::tensor({{0, 1}, {1, 1}}, torch::kInt64);
  torch::Tensor outputs = torch::zeros({2, 2, 2});
  outputs.select(2, 1).fill_(1);  // always 1
  tally.add(0, outputs, classes);
  EXPECT_EQ(tally.score().at("accuracy"), 0.75);
}

TEST(Tally, RefusesTargetsThatAMetricDoesNotJudge) {
  Tally tally({"rmse"});
  EXPECT_NE(refusal([&] { tally.add(0, torch::zeros({2, 2}), torch::zeros({2}, torch::kInt64)); }), "none");
  EXPECT_EQ(refusal([] { Tally({"rsme"}); }), "unknown metric 'rsme'; did you mean 'rmse'?");
}

}  // namespace
}  // namespace basin::train
