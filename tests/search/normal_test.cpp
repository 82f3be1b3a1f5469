// The normal distribution and log EI, beside optuna's numbers.
#include "basin/search/normal.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace basin::search {
namespace {

TEST(Normal, LogOfTheExpectedImprovementIsExactFarOut) {
  const std::pair<double, double> wanted[] = {
      {2, .69738354578823},    {0, -.91893853320467},    {-1, -2.4851210257126},
      {-5, -16.744301162661},  {-10, -55.553122036122},  {-25, -319.8614635815},
      {-26, -345.43954672232}, {-100, -5010.1295788002}, {-1000, -500014.73445209},
  };
  for (const auto& [z, value] : wanted) EXPECT_NEAR(log_ei(z), value, 1e-12 * std::abs(value) + 1e-13) << z;
}

TEST(Normal, SlopeIsTheDerivative) {
  for (const double z : {3., 0., -1., -5., -20., -24.9, -25.1, -40., -300.}) {
    const double h = 1e-5 * std::max(1.0, std::abs(z));
    EXPECT_NEAR(log_ei_slope(z), (log_ei(z + h) - log_ei(z - h)) / (2 * h), 1e-6 * std::abs(log_ei_slope(z)))
        << z;
  }
}

TEST(Normal, QuantileGoesBack) {
  for (const double p : {1e-300, 1e-12, 0.025, 0.5, 0.8413447460685429, 1 - 1e-12})
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-9 * p) << p;
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_TRUE(std::isfinite(normal_quantile(0)) && std::isfinite(normal_quantile(1)));
}

}  // namespace
}  // namespace basin::search
