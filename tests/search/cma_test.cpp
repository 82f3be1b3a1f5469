// CMA-ES: its constants, what its update promises, and its generations.
#include "basin/search/samplers/cma.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "basin/search/cma_state.hpp"
#include "basin/search/generations.hpp"
#include "basin/search/unit.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

TEST(Cma, HasTheConstantsOfTheTutorial) {
  EXPECT_EQ(CmaConstants::default_size(2), 6);
  ASSERT_EQ(CmaConstants::default_size(10), 10);
  const CmaConstants k(10, 10);
  EXPECT_NEAR(k.mu_eff, 3.167299, 1e-6);
  EXPECT_NEAR(k.mu_eff_minus, 3.989115, 1e-6);
  EXPECT_NEAR(k.c1, .0152838, 1e-7);
  EXPECT_NEAR(k.cmu, .0201543, 1e-7);
  EXPECT_NEAR(k.cc, .2949904, 1e-7);
  EXPECT_NEAR(k.cs, .2844286, 1e-7);
  EXPECT_NEAR(k.ds, 1.2844286, 1e-7);
  EXPECT_NEAR(k.chi, 3.0847266, 1e-7);
  const double wanted[] = {.456273,  .270753,  .162231,  .085234,  .025510,
                           -.085321, -.236477, -.367414, -.482908, -.586222};
  for (Eigen::Index i = 0; i < 10; ++i) EXPECT_NEAR(k.weights[i], wanted[i], 1e-6) << i;
}

Eigen::MatrixXd drawn(const CmaState& state, Eigen::Index count, std::uint64_t key) {
  Stream random(key, 0, "test");
  Eigen::MatrixXd out(state.mean().size(), count);
  for (Eigen::Index i = 0; i < count; ++i) {
    Eigen::VectorXd z(out.rows());
    for (double& v : z) v = 2 * random.uniform() + random.uniform() - 1.5;
    out.col(i) = state.at(z);
  }
  return out;
}

Eigen::MatrixXd sorted(const Eigen::MatrixXd& points, double (*f)(const Eigen::VectorXd&)) {
  std::vector<Eigen::Index> order;
  for (Eigen::Index i = 0; i < points.cols(); ++i) order.push_back(i);
  std::ranges::sort(order, {}, [&](Eigen::Index i) { return f(points.col(i)); });
  Eigen::MatrixXd out = points;
  for (Eigen::Index i = 0; i < points.cols(); ++i)
    out.col(i) = points.col(order[static_cast<std::size_t>(i)]);
  return out;
}

double distance(const Eigen::VectorXd& x) { return (x.array() - 0.8).matrix().norm(); }

TEST(Cma, MovesTowardsTheBetterHalfAndShrinks) {
  CmaState state(3, 7);
  EXPECT_DOUBLE_EQ(state.deviations()[0], 1. / 6);
  for (std::uint64_t g = 0; g < 60; ++g) state.update(sorted(drawn(state, 7, g), distance));
  EXPECT_LT(distance(state.mean()), 1e-3);
  EXPECT_LT(state.deviations().maxCoeff(), 1e-3);
}

// Turning the space turns what CMA-ES does.
TEST(Cma, IsTheSameInATurnedSpace) {
  CmaState state(2, 6), turned(2, 6);
  Eigen::Matrix2d turn;
  turn << 0, -1, 1, 0;
  const Eigen::Vector2d middle(0.5, 0.5);
  for (std::uint64_t g = 0; g < 20; ++g) {
    const Eigen::MatrixXd points = sorted(drawn(state, 6, g), distance);
    state.update(points);
    turned.update((turn * (points.colwise() - middle)).colwise() + middle);
    EXPECT_NEAR((turned.mean() - middle - turn * (state.mean() - middle)).norm(), 0, 1e-12);
    EXPECT_NEAR((turned.covariance() - turn * state.covariance() * turn.transpose()).norm(), 0, 1e-10);
    EXPECT_NEAR(turned.step(), state.step(), 1e-12);
  }
}

TEST(Cma, StaysFiniteUnderPointsFromElsewhere) {
  CmaState state(3, 7);
  for (std::uint64_t g = 0; g < 400; ++g) {
    state.update(g % 20 == 19 ? Eigen::MatrixXd::Random(3, 7) : sorted(drawn(state, 7, g), distance));
    ASSERT_TRUE(state.mean().allFinite() && state.covariance().allFinite()) << g;
    ASSERT_GT(state.step(), 0);
  }
  CmaState same(3, 7);
  for (int g = 0; g < 50; ++g) same.update(Eigen::MatrixXd::Constant(3, 7, 0.5));
  EXPECT_TRUE(same.covariance().allFinite());
}

TEST(Generations, EndBeforeTheFirstThatLacksAResult) {
  std::vector<Observation> earlier(11, {{0.5}, {1}});
  EXPECT_EQ(complete_generations(earlier, 1, 3).size(), 3u);
  EXPECT_EQ(complete_generations(earlier, 1, 3)[1].data(), &earlier[4]);
  earlier[5].values.clear();
  EXPECT_EQ(complete_generations(earlier, 1, 3).size(), 1u);
  earlier[0].values.clear();
  EXPECT_EQ(complete_generations(earlier, 1, 3).size(), 1u);
}

// What CMA-ES learns from ranks does not change when the values do.
TEST(Cma, SeesOnlyTheOrderOfTheValues) {
  const Space space = unit_square();
  std::vector<Observation> plain, bent;
  Stream points(1, 0, "points");
  for (int i = 0; i < 40; ++i) {
    const Point x{points.uniform(), points.uniform()};
    const double value = x[0] + x[1] * x[1];
    plain.push_back({x, {value}});
    bent.push_back({x, {std::exp(9 * value)}});
  }
  Stream a(1, 0, "ask"), b = a;
  EXPECT_TRUE(same(samplers::Cma{}.ask(space, plain, 1, a), samplers::Cma{}.ask(space, bent, 1, b)));
}

}  // namespace
}  // namespace basin::search
