// The range test's curve: the suggestion is that of the curve without noise, and invalid tests are refused.
#include "basin/schedules/range_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "basin/core/error.hpp"
#include "basin/core/philox.hpp"
#include "tests/refusal.hpp"

namespace basin {
namespace {

// Flat at 2.3, down to 0.5 around a rate of 1e-2, up again at 1: a logistic fall and an exponential rise.
double loss_at(double rate) {
  const double x = std::log10(rate);
  return 0.5 + 1.8 / (1 + std::exp(3 * (x + 2))) + std::exp(6 * (x - 0.2));
}

std::vector<double> curve(const RangeTest& test, double noise, std::uint64_t seed) {
  Stream random(seed, 0, "noise");
  std::vector<double> out;
  Explosion explosion;
  for (std::int64_t step = 0; step < test.steps; ++step) {
    // The sum of three uniforms is close enough to a normal: its variance is a quarter.
    const double z = 2 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
    out.push_back(loss_at(test.rate(step)) + noise * z);
    if (explosion.add(out.back())) break;
  }
  return out;
}

TEST(RangeTest, RatesGrowByEqualRatios) {
  const RangeTest test{1e-4, 1, 9 + 8};
  EXPECT_DOUBLE_EQ(test.rate(0), 1e-4);
  EXPECT_DOUBLE_EQ(test.rate(4), 1e-3);
  EXPECT_DOUBLE_EQ(test.rate(16), 1);
}

TEST(RangeTest, SuggestsWhereTheLossFallsFastest) {
  const RangeCurve found = range_curve({}, curve({}, 0, 1));
  // The logistic is steepest at 1e-2; the rates are a twelfth of a decade apart, and smoothing moves it
  // little.
  EXPECT_NEAR(std::log10(found.suggestion), -2, 0.2);
  EXPECT_NEAR(std::log10(found.minimum_tenth), -1.55, 0.35) << "the lowest point lies near 10^-0.55";
  EXPECT_EQ(found.rates.size(), found.losses.size());
  EXPECT_EQ(found.rates.size(), found.smooth.size());
}

// Noise with deviation 0.25 on a fall of 1.8: for 200 seeds, all but a twentieth are within half a decade.
TEST(RangeTest, IsRobustToNoise) {
  int near = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RangeCurve found = range_curve({}, curve({}, 0.25, seed));
    near += std::abs(std::log10(found.suggestion) + 2) < 0.5;
  }
  EXPECT_GE(near, 190);
}

TEST(RangeTest, AnExplosionAtTheEndSaysNothing) {
  auto losses = curve({}, 0, 1);
  const double wanted = range_curve({}, losses).suggestion;
  losses.push_back(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(range_curve({}, losses).suggestion, wanted);
  losses.back() = 1e30;
  EXPECT_EQ(range_curve({}, losses).suggestion, wanted);
}

TEST(RangeTest, EndsAtAnExplosionNotAtOneBadBatch) {
  Explosion explosion;
  for (const double loss : {2.0, 1.9, 0.1, 1.8, 9.0, 1.7, 1.6, 9.0}) EXPECT_FALSE(explosion.add(loss));
  EXPECT_TRUE(explosion.add(9.0));
  EXPECT_TRUE(Explosion().add(std::numeric_limits<double>::quiet_NaN()));
}

TEST(RangeTest, RefusesWhatHasNoAnswer) {
  EXPECT_THROW((RangeTest{0, 1, 100}.check()), InputError);
  EXPECT_THROW((RangeTest{1, 0.1, 100}.check()), InputError);
  EXPECT_THROW((RangeTest{1e-3, 1, 9}.check()), InputError);
  EXPECT_THROW(range_curve({}, std::vector(9, 1.0)), InputError);
  std::vector<double> rising(50);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = 1 + 0.01 * static_cast<double>(i);
  EXPECT_THROW(range_curve({}, rising), InputError);
}

std::string refusal(const RangeTest& test, const std::vector<double>& losses) {
  return basin::refusal([&] { range_curve(test, losses); });
}

// If the rates are too small to change anything, there is only noise, and nothing is suggested.
TEST(RangeTest, SuggestsNothingWhereNothingFalls) {
  const RangeTest tiny{1e-12, 1e-10, 100};
  int said = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    said +=
        refusal(tiny, curve(tiny, 0.1, seed)) ==
        "the loss never falls between a rate of 1e-12 and one of 1e-10 by more than its batches differ; try "
        "larger rates";
  EXPECT_GE(said, 198);
  const RangeTest wild{10, 1000, 50};
  std::vector<double> rising(20);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = 1 + 0.1 * static_cast<double>(i);
  EXPECT_NE(refusal(wild, rising).find("; try smaller rates"), std::string::npos) << refusal(wild, rising);
}

// Noise as large as the lowest loss, so that some tests end early.
TEST(RangeTest, SeesAFallUnderNoise) {
  int fell = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) fell += refusal({}, curve({}, 0.5, seed)) == "none";
  EXPECT_GE(fell, 198);
}

TEST(RangeTest, BlamesTheRateForWhatARateCanDo) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(refusal({}, {nan}).find("the loss is not finite before the first step, at any rate"),
            std::string::npos);
  EXPECT_NE(refusal({}, {2.3, nan}).find("the loss exploded after 2 steps"), std::string::npos);
  EXPECT_NE(refusal({}, {2.3, nan}).find("begin with a smaller rate"), std::string::npos);
}

}  // namespace
}  // namespace basin
