// The densities of TPE, beside those of optuna 5.0.
#include "basin/search/parzen.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "basin/search/ranking.hpp"
#include "basin/search/samplers/tpe.hpp"
#include "basin/search/unit.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

std::vector<Point> points(std::initializer_list<double> values) {
  std::vector<Point> out;
  for (const double value : values) out.push_back({value});
  return out;
}

void expect_kernels(const Parameter& p, const std::vector<double>& values, const std::vector<double>& wide) {
  const Marginal found(p, values);
  ASSERT_EQ(found.deviation.size(), static_cast<Eigen::Index>(wide.size()));
  for (std::size_t i = 0; i < wide.size(); ++i) {
    EXPECT_NEAR(found.deviation[static_cast<Eigen::Index>(i)], wide[i], 1e-6) << p.name << ", " << i;
    if (i < values.size()) {
      EXPECT_EQ(found.mean[static_cast<Eigen::Index>(i)], position_of(p, values[i]));
    }
  }
}

void expect_log_density(const Parameter& p, const std::vector<Point>& observed,
                        const std::vector<Point>& asked, const std::vector<double>& wanted) {
  const Space space{{p}};
  const std::vector<double> found = Parzen(space, observed).log_density(asked);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(found[i], wanted[i], 1e-6) << p.name << ", " << i;
}

TEST(Parzen, IsThatOfOptunaOnALinearScale) {
  const Parameter x = real("x", 0, 1);
  expect_kernels(x, {.1, .2, .25, .7}, {.1666667, .1666667, .45, .45, 1});
  EXPECT_EQ(Marginal(x, {}).mean[0], 0.5);
  expect_log_density(x, points({.1, .2, .25, .7}), points({.05, .22, .5, .9}),
                     {.41402, .506413, -.204232, -.653398});
}

TEST(Parzen, IsThatOfOptunaOnALogScale) {
  const Parameter lr = real("lr", 1e-5, 1, Scale::log);
  expect_kernels(lr, {1e-4, 1e-3, .05}, {2.302585, 3.912023, 3.912023, 11.512925});
  expect_log_density(lr, points({1e-4, 1e-3, .05}), points({1e-4, .01, .5}),
                     {-2.225257, -2.457639, -2.860247});
}

TEST(Parzen, IsThatOfOptunaForCategoriesAndIntegers) {
  expect_log_density(category("init", {"a", "b", "c"}), points({0, 0, 2}), points({0, 1, 2}),
                     {std::log(.4761905), std::log(.1904762), std::log(.3333333)});
  const Parameter layers = integer("layers", 1, 10);
  expect_kernels(layers, {3, 3, 8}, {2, 5, 5, 10});
  expect_log_density(layers, points({3, 3, 8}), points({1, 3, 8, 10}),
                     {std::log(.0987910), std::log(.1316714), std::log(.0790671), std::log(.0651071)});
}

TEST(Parzen, SumsToOneOnEveryScale) {
  for (const Parameter& p : {integer("layers", 1, 10), integer("batch", 1, 64, Scale::log)}) {
    const Space space{{p}};
    std::vector<Point> all;
    for (double v = p.low; v <= p.high; ++v) all.push_back({v});
    double sum = 0;
    for (const double log : Parzen(space, points({3, 9})).log_density(all)) sum += std::exp(log);
    EXPECT_NEAR(sum, 1, 1e-12) << p.name;
  }
}

TEST(Parzen, DrawsWhatItsDensitySays) {
  const Space space{
      {integer("layers", 1, 4), category("init", {"a", "b"}), under(integer("width", 1, 3), "init", "b")}};
  const std::vector<Point> observed{{1, 1, 2}, {2, 0, not_known}, {1, 1, 3}};
  const Parzen density(space, observed);
  std::vector<Point> all;
  for (double layers = 1; layers <= 4; ++layers) {
    all.push_back({layers, 0, not_known});
    for (double width = 1; width <= 3; ++width) all.push_back({layers, 1, width});
  }
  constexpr int draws = 20000;
  std::vector<int> counts(all.size());
  Stream random(1, 0, "test");
  for (int i = 0; i < draws; ++i) {
    const Point drawn = density.draw(random);
    for (std::size_t a = 0; a < all.size(); ++a) counts[a] += same(drawn, all[a]);
  }
  const std::vector<double> wanted = density.log_density(all);
  double sum = 0;
  for (std::size_t a = 0; a < all.size(); ++a) {
    const double p = std::exp(wanted[a]);
    EXPECT_NEAR(counts[a] / double{draws}, p, 4 * std::sqrt(p / draws)) << a;
    sum += p;
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(Parzen, WeighsRecentPointsMost) {
  EXPECT_EQ(point_weights(24), std::vector<double>(24, 1));
  const std::vector<double> weights = point_weights(30);
  ASSERT_EQ(weights.size(), 30u);
  const double oldest[] = {1. / 30, .275, .5167, .7583, 1};
  for (std::size_t i = 0; i < 30; ++i) EXPECT_NEAR(weights[i], i < 5 ? oldest[i] : 1, 5e-5) << i;
}

TEST(Ranking, PutsPrunedTrialsBehindCompleteOnesAndFailedOnesLast) {
  const std::vector<Observation> earlier{{{0.0}, {3}},      {{0.0}, {unbounded}}, {{0.0}, {0}, 0.25},
                                         {{0.0}, {}},       {{0.0}, {1}, 0.5},    {{0.0}, {2}},
                                         {{0.0}, {0}, 0.5}, {{0.0}, {3}},         {{0.0}, {not_known}}};
  EXPECT_EQ(ranked(earlier), (std::vector<std::size_t>{5, 0, 7, 6, 4, 2, 1, 8}));
}

TEST(Tpe, CountsATenthAsGood) {
  const std::pair<std::size_t, std::size_t> wanted[] = {{9, 1},    {10, 1},   {11, 2},
                                                        {100, 10}, {250, 25}, {1000, 25}};
  for (const auto& [finished, good] : wanted) EXPECT_EQ(samplers::good_ones(finished), good) << finished;
}

// A good result at 0.2, and bad ones everywhere; another trial runs near 0.2.
TEST(Tpe, AvoidsWhereATrialRuns) {
  const Space space{{real("x", 0, 1)}};
  std::vector<Observation> earlier;
  for (int i = 0; i < 10; ++i) earlier.push_back({{0.05 + 0.1 * i}, {std::abs(0.05 + 0.1 * i - 0.25)}});
  std::vector<Observation> running = earlier;
  for (int i = 0; i < 5; ++i) running.push_back({{0.25}, {}});
  double alone = 0, beside = 0;
  constexpr int asks = 200;
  for (std::uint64_t i = 0; i < asks; ++i) {
    Stream random(1, 0, "test", i), again = random;
    alone += std::abs(samplers::Tpe{}.ask(space, earlier, 1, random)[0] - 0.25) / asks;
    beside += std::abs(samplers::Tpe{}.ask(space, running, 1, again)[0] - 0.25) / asks;
  }
  EXPECT_LT(alone, 0.15);
  EXPECT_GT(beside, alone + 0.05);
}

}  // namespace
}  // namespace basin::search
