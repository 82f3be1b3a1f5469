// Population-based training: who copies whom, what is changed, and that nothing else decides.
#include "basin/search/population.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "basin/search/unit.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

// Sixteen members of the space `mixed`, the first the best.
class Population : public testing::Test {
 protected:
  Population() {
    Stream random(5, 0, "members");
    for (int member = 0; member < 16; ++member) {
      std::vector<double> unit;
      for (std::size_t i = 0; i < space.parameters.size(); ++i) unit.push_back(random.uniform());
      points.push_back(from_unit(space, unit));
      results.push_back(member);
    }
  }
  Member next(int member, int generation = 1, std::uint64_t seed = 1, const PopulationRule& rule = {}) const {
    return successor(space, points, results, seed, generation, member, rule);
  }
  Space space = mixed();
  std::vector<Point> points;
  std::vector<double> results;
};

TEST_F(Population, TheLowestQuarterCopiesTheHighest) {
  std::set<int> parents;
  for (int generation = 1; generation < 50; ++generation)
    for (int member = 0; member < 16; ++member) {
      const Member found = next(member, generation);
      if (member < 12) {
        EXPECT_EQ(found.parent, member);
        EXPECT_TRUE(same(found.point, points[static_cast<std::size_t>(member)]));
      } else {
        EXPECT_LT(found.parent, 4);
        parents.insert(found.parent);
      }
    }
  EXPECT_EQ(parents.size(), 4u) << "each of them is drawn at some time";
}

TEST_F(Population, ADivergedMemberRanksLast) {
  results = {3, NAN, 1, 5, 4, 7, INFINITY, 6, 2, 8, 9, 10, 11, 12, 13, 14};
  for (int member = 0; member < 16; ++member) {
    const bool lowest = member == 1 || member == 6 || member >= 14;
    EXPECT_EQ(next(member).parent != member, lowest) << member;
  }
  EXPECT_TRUE((std::set{2, 8, 0, 4}.contains(next(1).parent)));
}

TEST_F(Population, OfTwoOneCopiesAndASingleOneStays) {
  const std::span<const Point> few(points);
  EXPECT_EQ(successor(space, few.first(2), std::vector{2.0, 1.0}, 1, 1, 0).parent, 1);
  EXPECT_EQ(successor(space, few.first(2), std::vector{2.0, 1.0}, 1, 1, 1).parent, 1);
  EXPECT_EQ(successor(space, few.first(2), std::vector{1.0, 1.0}, 1, 1, 1).parent, 0)
      << "the lower number is better";
  EXPECT_EQ(successor(space, few.first(1), std::vector{1.0}, 1, 1, 0).parent, 0);
}

TEST(PopulationSettings, AreMultipliedWhereTheyAreNotDrawnAnew) {
  const Space space{{real("lr", 1e-5, 1, Scale::log), real("beta", 0, 0.999, Scale::complement_log),
                     integer("layers", 1, 10), category("init", {"a", "b"})}};
  const std::vector<Point> points{{0.1, 0.9, 2, 1}, {1, 0, 1, 0}};
  std::set<double> rates, betas, layers;
  for (int generation = 1; generation <= 40; ++generation) {
    const Member found = successor(space, points, std::vector{1.0, 2.0}, 1, generation, 1, {.resample = 0});
    rates.insert(found.point[0]);
    betas.insert(found.point[1]);
    layers.insert(found.point[2]);
    EXPECT_EQ(found.point[3], 1) << "a category stays";
  }
  EXPECT_EQ(rates, (std::set{0.1 * 0.8, 0.1 * 1.2}));
  EXPECT_EQ(betas, (std::set{1 - (1 - 0.9) * 1.2, 1 - (1 - 0.9) * 0.8}));
  EXPECT_EQ(layers, (std::set{1.0, 3.0})) << "2.4 and 1.6 round to 2, so it moves by one";
}

TEST(PopulationSettings, StayInTheirRange) {
  const Space space{{real("lr", 0.01, 0.11, Scale::log), integer("layers", 2, 3)}};
  const std::vector<Point> points{{0.1, 3}, {0.01, 2}};
  for (int generation = 1; generation <= 20; ++generation) {
    const Member found = successor(space, points, std::vector{1.0, 2.0}, 1, generation, 1, {.resample = 0});
    EXPECT_TRUE(found.point[0] == 0.11 || found.point[0] == 0.1 * 0.8) << found.point[0];
    EXPECT_TRUE(found.point[1] == 3 || found.point[1] == 2) << found.point[1];
  }
}

TEST_F(Population, AQuarterOfTheSettingsIsDrawnAnew) {
  int anew = 0, all = 0;
  for (int generation = 1; generation <= 500; ++generation)
    for (int member = 12; member < 16; ++member) {
      const Member found = next(member, generation);
      const double before = points[static_cast<std::size_t>(found.parent)][0],
                   ratio = found.point[0] / before;
      const bool kept = std::abs(ratio - 1.2) < 1e-9 || std::abs(ratio - 0.8) < 1e-9 || found.point[0] == 1 ||
                        found.point[0] == 1e-5;
      anew += !kept;
      ++all;
    }
  EXPECT_NEAR(anew, 0.25 * all, 3 * std::sqrt(all * 0.25 * 0.75));
}

TEST_F(Population, WhatDependsOnACategoryFollowsIt) {
  points[0] = {0.01, 2, 1, 0.9, 1, 1e-4, 0.1, 64};
  points[1] = {0.01, 2, 0, NAN, NAN, NAN, 0.1, 64};
  int appeared = 0, vanished = 0;
  for (int generation = 1; generation <= 200; ++generation)
    for (int member = 12; member < 16; ++member) {
      const Member found = next(member, generation);
      EXPECT_TRUE(same(found.point, settled(space, found.point)));
      const Point& before = points[static_cast<std::size_t>(found.parent)];
      for (std::size_t i = 0; i < before.size(); ++i) {
        if (is_there(space, found.point, i)) {
          EXPECT_GE(found.point[i], lowest(space.parameters[i]));
          EXPECT_LE(found.point[i], highest(space.parameters[i]));
        }
        appeared += std::isnan(before[i]) && !std::isnan(found.point[i]);
        vanished += !std::isnan(before[i]) && std::isnan(found.point[i]);
      }
    }
  EXPECT_GT(appeared, 0);
  EXPECT_GT(vanished, 0);
}

TEST_F(Population, DependsOnSeedGenerationMemberAndResultsAlone) {
  const auto equal = [](const Member& a, const Member& b) {
    return a.parent == b.parent && same(a.point, b.point);
  };
  EXPECT_TRUE(equal(next(15), next(15)));
  EXPECT_FALSE(equal(next(15), next(15, 2)));
  EXPECT_FALSE(equal(next(15), next(15, 1, 2)));
  EXPECT_FALSE(same(next(15, 1, 1, {.resample = 1}).point, next(14, 1, 1, {.resample = 1}).point));
}

TEST(Lineage, FollowsTheParents) {
  const std::vector<std::vector<int>> parents{{0, 0, 2}, {0, 1, 1}, {2, 1, 2}};
  EXPECT_EQ(lineage(parents, 0), (std::vector{0, 1, 2, 0}))
      << "0 copied 2, which had copied 1, which had copied 0";
  EXPECT_EQ(lineage(parents, 1), (std::vector{0, 1, 1, 1}));
  EXPECT_EQ(lineage({}, 3), std::vector{3});
}

}  // namespace
}  // namespace basin::search
