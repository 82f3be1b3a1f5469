// Losses as text, and what is known about each.
#include "basin/losses/loss.hpp"

#include <gtest/gtest.h>

#include "basin/metrics/metrics.hpp"
#include "tests/refusal.hpp"

namespace basin::losses {
namespace {

TEST(Losses, AreReadFromText) {
  EXPECT_EQ(Loss::parse("mse"), (Loss{.name = "mse"}));
  EXPECT_EQ(Loss::parse(" huber  0.5 "), (Loss{.name = "huber", .delta = 0.5}));
  EXPECT_EQ(Loss::parse("cross_entropy balanced"), (Loss{.name = "cross_entropy", .balanced = true}));
  EXPECT_EQ(Loss::parse("binary_cross_entropy weights 1 3"),
            (Loss{.name = "binary_cross_entropy", .weights = {1, 3}}));
  EXPECT_FALSE(Loss::parse("huber") == Loss::parse("huber 2"));
}

TEST(Losses, AreWrittenAsTheyAreRead) {
  for (const std::string text : {"cross_entropy", "cross_entropy balanced", "cross_entropy weights 1 0.25 3",
                                 "binary_cross_entropy", "mse", "mae", "huber", "huber 0.1", "hinge"}) {
    EXPECT_EQ(Loss::parse(text).text(), text);
    EXPECT_EQ(Loss::parse(Loss::parse(text).text()), Loss::parse(text));
  }
}

TEST(Losses, SayWhatIsWrongWithAText) {
  const auto refused = [](std::string_view text) { return refusal([&] { Loss::parse(text); }); };
  EXPECT_EQ(refused("hubr"), "unknown loss 'hubr'; did you mean 'huber'?");
  EXPECT_EQ(refused(""),
            "unknown loss ''; it is one of cross_entropy, binary_cross_entropy, mse, mae, huber and hinge");
  EXPECT_EQ(refused("huber x"), "loss huber: 'x' is not a number; write it like huber 0.5");
  EXPECT_EQ(refused("huber 0"),
            "loss huber: delta = 0 is outside its range; it must be more than 0, and finite");
  EXPECT_EQ(refused("huber 1 2"), "loss huber: '2' is not an option of it; write it like huber 0.5");
  EXPECT_EQ(refused("mse balanced"), "loss mse: 'balanced' is not an option of it; write it like mse");
  const std::string like = "write it like cross_entropy, cross_entropy balanced or cross_entropy weights 1 3";
  EXPECT_EQ(refused("cross_entropy balance"),
            "loss cross_entropy: 'balance' is not an option of it; " + like);
  EXPECT_EQ(refused("cross_entropy balanced 1"), "loss cross_entropy: '1' is not an option of it; " + like);
  EXPECT_EQ(refused("cross_entropy weights 1 x"), "loss cross_entropy: 'x' is not a number; " + like);
  EXPECT_EQ(refused("cross_entropy weights 1 -1"),
            "loss cross_entropy: weight = -1 is outside its range; it must be more than 0, and finite");
  EXPECT_EQ(
      refused("cross_entropy weights 1"),
      "loss cross_entropy: wanted a weight for each class, found 1; write it like cross_entropy weights 1 3");
  EXPECT_EQ(refused("binary_cross_entropy weights 1 2 3"),
            "loss binary_cross_entropy: wanted a weight for each class, found 3; "
            "write it like binary_cross_entropy weights 1 3");
}

TEST(Losses, BalancedGivesEveryClassTheSameWeightInSum) {
  const Loss loss = resolved(Loss::parse("cross_entropy balanced"), std::vector<std::int64_t>{1, 3, 0});
  EXPECT_FALSE(loss.balanced);
  EXPECT_EQ(loss.weights, (std::vector<double>{4 / 2.0, 4 / 6.0, 1})) << "by hand; the last does not occur";
  const Loss given = Loss::parse("cross_entropy weights 1 3");
  EXPECT_EQ(resolved(given, std::vector<std::int64_t>{5, 5}), given);
}

TEST(Losses, NameMetricsThatJudgeTheirTargets) {
  for (const Info& info : loss_infos()) {
    EXPECT_FALSE(info.title.empty() || info.help.empty()) << info.name;
    EXPECT_EQ(find_loss(info.name).title, info.title);
    for (const std::string_view metric : info.metrics)
      EXPECT_EQ(metrics::find_metric(metric).targets, info.targets) << info.name << ", " << metric;
  }
}

}  // namespace
}  // namespace basin::losses
