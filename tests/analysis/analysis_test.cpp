// What a search tells, against published numbers and by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "basin/analysis/border.hpp"
#include "basin/analysis/expected_best.hpp"
#include "basin/analysis/importance.hpp"
#include "basin/analysis/pareto.hpp"
#include "basin/analysis/winners_curse.hpp"
#include "basin/core/philox.hpp"

namespace basin::analysis {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// By the formulas of the papers, in fractions.
TEST(ExpectedBest, EqualsItsFormulas) {
  const std::vector<double> values{0.4, 0.1, 0.8, 0.35, 0.6}, u{0.45, 0.615, 0.7, 0.76, 0.8},
      v{0.45, 0.582, 0.6492, 0.69048, 0.71832};
  for (int n = 1; n <= 5; ++n) {
    const auto i = static_cast<std::size_t>(n - 1);
    EXPECT_NEAR(expected_best_unbiased(values, n), u[i], 1e-12) << n;
    EXPECT_NEAR(expected_best(values, n), v[i], 1e-12) << n;
  }
  EXPECT_DOUBLE_EQ(expected_best({3}, 7), 3);
  EXPECT_DOUBLE_EQ(expected_best_unbiased({3}, 1), 3);
}

TEST(ExpectedBest, OfManyTrialsNeitherOverflowsNorFalls) {
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) values.push_back(i / 1999.0);
  double before = 0;
  for (int n = 1; n <= 2000; n += 37) {
    const double value = expected_best_unbiased(values, n);
    EXPECT_NEAR(value, (n * 2001.0 / (n + 1) - 1) / 1999, 1e-9) << "n (B + 1) / (n + 1) - 1 of 0 ... B - 1";
    EXPECT_GT(value, before);
    before = value;
  }
}

TEST(ExpectedBest, HasABandThatDependsOnNothingButItsArguments) {
  Stream random(3, 0, "values");
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) values.push_back(random.uniform());
  const std::vector<int> ns{1, 5, 40};
  const auto band = expected_best_band(values, ns, 1);
  ASSERT_EQ(band.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(band[i].n, ns[i]);
    EXPECT_DOUBLE_EQ(band[i].value, expected_best(values, ns[i]));
    EXPECT_LT(band[i].low, band[i].value);
    EXPECT_LT(band[i].value, band[i].high + 1e-12);
  }
  // At n = 1 it is that of the mean: 1.645 standard errors on either side hold 90 %.
  const double error = std::sqrt(1 / 12.0 / 40);
  EXPECT_NEAR(band[0].high - band[0].low, 2 * 1.645 * error, 0.25 * 2 * 1.645 * error);
  const auto again = expected_best_band(values, ns, 1), other = expected_best_band(values, ns, 2);
  EXPECT_EQ(band[1].low, again[1].low);
  EXPECT_NE(band[1].low, other[1].low);
}

// Order statistics of the normal distribution; exact: 0, 1 / sqrt(pi), 3 / (2 sqrt(pi)).
TEST(WinnersCurse, IsTheExpectedLargestOfNormalNumbers) {
  EXPECT_NEAR(winners_curse(1), 0, 1e-9);
  EXPECT_NEAR(winners_curse(2), 1 / std::sqrt(M_PI), 1e-9);
  EXPECT_NEAR(winners_curse(3), 1.5 / std::sqrt(M_PI), 1e-9);
  EXPECT_NEAR(winners_curse(5), 1.163, 1e-3);
  EXPECT_NEAR(winners_curse(10), 1.539, 1e-3);
  EXPECT_NEAR(winners_curse(20), 1.867, 1e-3);
  EXPECT_NEAR(winners_curse(50), 2.249, 1e-3);
  EXPECT_NEAR(winners_curse(100), 2.508, 1e-3);
}

TEST(Border, IsWithinFivePercentOnTheScale) {
  const Axis rate{.low = 1e-5, .high = 1, .scale = Scale::log};  // 5 % is a quarter of a decade
  EXPECT_EQ(border_of(rate, 1e-5), Border::low);
  EXPECT_EQ(border_of(rate, std::pow(10, -4.75)), Border::low);
  EXPECT_EQ(border_of(rate, std::pow(10, -4.74)), Border::none);
  EXPECT_EQ(border_of(rate, 0.05), Border::none) << "that is 5 % of the values";
  EXPECT_EQ(border_of(rate, std::pow(10, -0.26)), Border::none);
  EXPECT_EQ(border_of(rate, std::pow(10, -0.25)), Border::high);

  const Axis beta{.low = 0.9, .high = 0.999, .scale = Scale::complement_log};  // two decades of 1 - beta
  EXPECT_EQ(border_of(beta, 0.91), Border::low);
  EXPECT_EQ(border_of(beta, 0.99), Border::none);
  EXPECT_EQ(border_of(beta, 1 - 0.00111), Border::high);
  EXPECT_EQ(border_of(beta, 0.9985), Border::none);

  const Axis linear{.low = -1, .high = 1};
  EXPECT_EQ(border_of(linear, 0.9), Border::high);
  EXPECT_EQ(border_of(linear, 0.89), Border::none);
  EXPECT_EQ(border_of(linear, 0.89, 0.1), Border::high);
  EXPECT_EQ(border_of({.low = 0, .high = 2, .choices = 3}, 0), Border::none);
}

TEST(ParetoFront, HoldsWhatNothingDominates) {
  EXPECT_EQ(pareto_front({{1, 5}, {2, 4}, {2, 5}, {3, 3}, {1, 5}, {0, 9}, {4, 3}}),
            (std::vector<std::size_t>{0, 1, 3, 4, 5}));
  EXPECT_EQ(pareto_front({{1, nan_value}, {2, 2}, {nan_value, nan_value}}), (std::vector<std::size_t>{1}));
  EXPECT_EQ(pareto_front({{infinity, 1}, {1, infinity}, {infinity, 2}}), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(pareto_front({{3}, {1}, {2}}), (std::vector<std::size_t>{1}));
  EXPECT_TRUE(pareto_front({}).empty());
}

// Trials on the middles of 10 x 10 squares, value x^2 + y / 10; the numbers are Optuna's.
class ImportanceOfAGrid : public testing::Test {
 protected:
  ImportanceOfAGrid() {
    for (int i = 0; i < 100; ++i) {
      points.push_back({(i / 10 + 0.5) / 10, (i % 10 + 0.5) / 10});
      values.push_back(points.back()[0] * points.back()[0] + 0.1 * points.back()[1]);
    }
  }
  std::vector<Axis> axes{{}, {}};
  std::vector<std::vector<double>> points;
  std::vector<double> values;
};

TEST_F(ImportanceOfAGrid, IsThatOfOptuna) {
  const auto tenth = importance(axes, points, values), fifth = importance(axes, points, values, 0.2);
  EXPECT_NEAR(tenth[0], 0.03850906, 5e-9);
  EXPECT_NEAR(tenth[1], 0.00550965, 5e-9);
  EXPECT_NEAR(fifth[0], 0.12591177, 5e-9);
  EXPECT_NEAR(fifth[1], 0.00349246, 5e-9);
  EXPECT_NEAR(tenth[0] / (tenth[0] + tenth[1]), 0.87483391, 5e-9);
}

TEST_F(ImportanceOfAGrid, IsThatOfTheScale) {
  const auto linear = importance(axes, points, values);
  for (auto& point : points) point = {std::pow(10, -4 * point[0]), 1 - std::pow(10, -3 * point[1])};
  axes = {{.low = 1e-4, .high = 1, .scale = Scale::log},
          {.low = 0, .high = 0.999, .scale = Scale::complement_log}};
  const auto scaled = importance(axes, points, values);
  EXPECT_NEAR(scaled[0], linear[0], 1e-3) << "the grid is turned round, and so are its halves of steps";
  EXPECT_NEAR(scaled[1], linear[1], 1e-12);
}

TEST_F(ImportanceOfAGrid, LeavesOutTrialsWithoutTheParameter) {
  const auto before = importance(axes, points, values);
  for (int i = 0; i < 100; ++i) {
    points.push_back({nan_value, points[static_cast<std::size_t>(i)][1]});
    values.push_back(10 + i);
  }
  const auto after = importance(axes, points, values, 0.05);
  EXPECT_NEAR(after[0], before[0], 1e-12) << "the same ten of the same hundred";
  axes.push_back({});
  for (auto& point : points) point.push_back(nan_value);
  EXPECT_EQ(importance(axes, points, values)[2], 0);
}

TEST(Importance, OfCategoriesAndIntegers) {
  std::vector<std::vector<double>> points;
  std::vector<double> values;
  for (int i = 0; i < 60; ++i) {
    points.push_back(
        {static_cast<double>(i % 3), static_cast<double>(1 + i % 4), static_cast<double>(1 << i % 5)});
    values.push_back(i % 3 == 1 ? i : 100 + i);  // the second choice wins
  }
  const std::vector<Axis> axes{{.choices = 3},
                               {.low = 1, .high = 4, .integer = true},
                               {.low = 1, .high = 16, .scale = Scale::log, .integer = true}};
  const auto found = importance(axes, points, values, 0.1);
  EXPECT_GT(found[0], 10 * found[1]);
  EXPECT_GT(found[0], 10 * found[2]);
  // Six trials of choice 1: p_top = (1/3, 6 + 1/3, 1/3) / 7; p_all = (20 + 1/3) / 61 = 1/3 for each.
  const double other = 1 / 21.0, chosen = 19 / 21.0;
  EXPECT_NEAR(found[0], 0.01 * (2 * std::pow(3 * other - 1, 2) + std::pow(3 * chosen - 1, 2)) / 3, 1e-9);
}

TEST(Importance, CountsADivergedTrialAsOneOfTheWorst) {
  const std::vector<std::vector<double>> points{{0.1}, {0.2}, {0.3}, {0.9}};
  EXPECT_GT(importance({{}}, points, {1, 2, infinity, infinity})[0], 0);
  EXPECT_EQ(importance({{}}, {{0.5}}, {1})[0], 0) << "one trial tells nothing";
}

}  // namespace
}  // namespace basin::analysis
