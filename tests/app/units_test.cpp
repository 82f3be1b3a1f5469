// Quantities as a person reads them.
#include "basin/app/units.hpp"

#include <gtest/gtest.h>

#include "basin/study/trial.hpp"

namespace basin::app {
namespace {

TEST(AppUnits, AsAPersonReadsThem) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1655376), "1.7 MB");
  EXPECT_EQ(bytes_text(999'999), "1.0 MB");
  EXPECT_EQ(bytes_text(827'688), "828 kB");
  EXPECT_EQ(duration_text(4.24), "4.2 s");
  EXPECT_EQ(duration_text(59.7), "1 min 00 s");
  EXPECT_EQ(duration_text(7810), "2 h 10 min");
  EXPECT_EQ(duration_text(study::not_known), "n/a");
  EXPECT_EQ(clock_text(185), "3:05");
  EXPECT_EQ(clock_text(7800), "2:10:00");
  EXPECT_EQ(grouped(20000), "20,000");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(percent(0.8912), "89.12");
  EXPECT_EQ(percent(study::not_known), "n/a");
  EXPECT_EQ(significant(0.123456), "0.1235");
}

}  // namespace
}  // namespace basin::app
