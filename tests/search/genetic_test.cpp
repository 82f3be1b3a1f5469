// Crossover, mutation, fronts, and what the genetic algorithms make of them.
#include <gtest/gtest.h>

#include <cmath>

#include "basin/search/pareto.hpp"
#include "basin/search/samplers.hpp"
#include "basin/search/suggest.hpp"
#include "basin/search/unit.hpp"
#include "basin/search/variation.hpp"
#include "tests/search/functions.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

TEST(Variation, CrossoverKeepsTheMeanOfParentsFarFromTheBounds) {
  Stream random(1, 0, "test");
  double sum = 0, least = 1, most = 0;
  constexpr int draws = 4000;
  for (int i = 0; i < draws; ++i) {
    const double child = simulated_crossover(0.45, 0.55, 15, random);
    sum += child / draws;
    least = std::min(least, child);
    most = std::max(most, child);
  }
  EXPECT_NEAR(sum, 0.5, 4 * 0.05 / std::sqrt(draws));
  EXPECT_LT(least, 0.45) << "children lie outside of their parents, too";
  EXPECT_GT(most, 0.55);
  EXPECT_EQ(simulated_crossover(0.3, 0.3, 15, random), 0.3);
}

TEST(Variation, StaysWithinTheBounds) {
  Stream random(2, 0, "test");
  for (int i = 0; i < 2000; ++i) {
    const double a = i % 5 == 0 ? 0 : random.uniform(), b = i % 7 == 0 ? 1 : random.uniform();
    const double child = simulated_crossover(a, b, 2, random), moved = polynomial_mutation(a, 2, random);
    ASSERT_TRUE(child >= 0 && child <= 1 && moved >= 0 && moved <= 1) << a << ", " << b;
  }
}

TEST(Variation, MutationMovesNearbyToBothSides) {
  Stream random(3, 0, "test");
  double sum = 0, far = 0;
  constexpr int draws = 4000;
  for (int i = 0; i < draws; ++i) {
    const double step = polynomial_mutation(0.5, 20, random) - 0.5;
    sum += step / draws;
    far += std::abs(step) / draws;
  }
  EXPECT_NEAR(sum, 0, 4 * 0.07 / std::sqrt(draws));
  EXPECT_NEAR(far, 1. / 22, 0.005) << "the mean of 1 - u^(1 / 21)";
}

std::vector<Observation> results(std::initializer_list<std::vector<double>> values) {
  std::vector<Observation> out;
  for (const auto& v : values) out.push_back({{0.0}, v});
  return out;
}

TEST(Pareto, FrontsFollowDominance) {
  std::vector<Observation> all =
      results({{1, 4}, {2, 2}, {4, 1}, {3, 3}, {2, 4}, {unbounded, unbounded}, {0, 0}, {}, {2, 2}, {0, 0}});
  all[6].reached = 0.5;
  all[9].reached = 0.25;
  const auto fronts = fronts_of(all);
  ASSERT_EQ(fronts.size(), 5u);
  EXPECT_EQ(fronts[0], (std::vector<std::size_t>{0, 1, 2, 8}));
  EXPECT_EQ(fronts[1], (std::vector<std::size_t>{3, 4}));
  EXPECT_EQ(fronts[2], (std::vector<std::size_t>{6})) << "pruned, whatever its values";
  EXPECT_EQ(fronts[3], (std::vector<std::size_t>{9})) << "pruned earlier";
  EXPECT_EQ(fronts[4], (std::vector<std::size_t>{5})) << "failed";
}

TEST(Pareto, CrowdingIsTheRoomBetweenNeighbours) {
  const std::vector<Observation> all = results({{0, 10}, {1, 6}, {4, 5}, {10, 0}});
  const std::vector<std::size_t> front{0, 1, 2, 3};
  const std::vector<double> alone = crowding_of(all, front);
  EXPECT_EQ(alone[0], unbounded);
  EXPECT_DOUBLE_EQ(alone[1], 4. / 10 + 5. / 10);
  EXPECT_DOUBLE_EQ(alone[2], 9. / 10 + 6. / 10);
  EXPECT_EQ(alone[3], unbounded);
  const std::vector<Observation> failed = results({{unbounded}, {unbounded}, {unbounded}});
  EXPECT_EQ(crowding_of(failed, std::vector<std::size_t>{0, 1, 2}), std::vector<double>(3, 0));
}

TEST(Ga, ComesNearerThanRandomPoints) {
  double genetic = 0, random = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    genetic += regrets(*make_sampler("ga"), sphere(), seed, 200).back() / 6;
    random += regrets(*make_sampler("random"), sphere(), seed, 200).back() / 6;
  }
  EXPECT_LT(genetic, random / 3);
}

// Two objectives that cannot both be had: the distances from 0.25 and from 0.75 on the first coordinate, to
// which the second adds.
TEST(Nsga2, SpreadsOverTheParetoFront) {
  const Space space = unit_square();
  const auto run = [&](const char* text, std::uint64_t seed) {
    const auto sampler = make_sampler(text);
    std::vector<Observation> earlier;
    for (std::uint64_t number = 0; number < 300; ++number) {
      const Point x = *suggest(*sampler, space, earlier, seed, number);
      earlier.push_back({x, {std::abs(x[0] - 0.25) + x[1], std::abs(x[0] - 0.75) + x[1]}});
    }
    return earlier;
  };
  // How many of twenty stretches of the front a point comes as near as 0.06.
  const auto covered = [](const std::vector<Observation>& all) {
    int stretches = 0;
    for (int i = 0; i < 20; ++i)
      stretches += std::ranges::any_of(all, [i](const Observation& o) {
        return o.point[1] < 0.06 && std::abs(o.point[0] - (0.2625 + 0.025 * i)) < 0.0125;
      });
    return stretches;
  };
  int genetic = 0, random = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    genetic += covered(run("nsga2 population 30", seed));
    random += covered(run("random", seed));
  }
  EXPECT_GT(genetic, 3 * random / 2);
}

}  // namespace
}  // namespace basin::search
