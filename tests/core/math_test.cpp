#include "basin/core/math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace basin {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                 inf = std::numeric_limits<double>::infinity();

TEST(Math, MaxAndMinKeepANanOnEitherSide) {
  EXPECT_EQ(max(1.0, 2.0), 2);
  EXPECT_EQ(max(2.0, -inf), 2);
  EXPECT_EQ(min(1.0, 2.0), 1);
  EXPECT_EQ(min(inf, 2.0), 2);
  for (const double other : {-inf, 0.0, inf, nan}) {
    EXPECT_TRUE(std::isnan(max(nan, other)) && std::isnan(max(other, nan))) << other;
    EXPECT_TRUE(std::isnan(min(nan, other)) && std::isnan(min(other, nan))) << other;
  }
}

TEST(Math, TheSignOfANanIsNan) {
  EXPECT_EQ(sign(-inf), -1);
  EXPECT_EQ(sign(1e-300), 1);
  EXPECT_EQ(sign(0.0), 0);
  EXPECT_TRUE(std::isnan(sign(nan)));
}

}  // namespace
}  // namespace basin
