#include "basin/core/philox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace basin {
namespace {

// The known answers of Random123 (kat_vectors, philox4x32 10).
TEST(Philox, GivesTheKnownAnswers) {
  EXPECT_EQ(philox(0, 0, 0), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint64_t ones = ~std::uint64_t{0};
  EXPECT_EQ(philox(ones, ones, ones), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822, 0x85a308d3243f6a88, 0x0370734413198a2e),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Stream, IsAFunctionOfItsFourNames) {
  const auto first = [](auto... names) { return Stream(names...).next64(); };
  const std::uint64_t base = first(1, 2, "order", 3);
  EXPECT_EQ(first(1, 2, "order", 3), base);
  EXPECT_NE(first(9, 2, "order", 3), base);
  EXPECT_NE(first(1, 9, "order", 3), base);
  EXPECT_NE(first(1, 2, "split", 3), base);
  EXPECT_NE(first(1, 2, "order", 9), base);
}

TEST(Stream, BelowIsUniform) {
  Stream random(1, 0, "test");
  std::vector<int> seen(7);
  constexpr int draws = 70'000;
  for (int i = 0; i < draws; ++i) ++seen[random.below(7)];
  for (const int count : seen) EXPECT_NEAR(count, draws / 7, 5 * 93);  // 5 standard deviations of a binomial
}

TEST(Stream, UniformLiesInItsRangeAndHasItsMoments) {
  Stream random(1, 0, "test");
  double sum = 0, squares = 0;
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u, squares += u * u;
  }
  EXPECT_NEAR(sum / draws, 0.5, 5 * 0.29 / 316);
  EXPECT_NEAR(squares / draws, 1.0 / 3, 5 * 0.30 / 316);
}

TEST(Stream, ShuffleKeepsEveryItemOnce) {
  std::vector<int> items(1000), sorted;
  std::iota(items.begin(), items.end(), 0);
  Stream(1, 0, "test").shuffle(std::span(items));
  EXPECT_FALSE(std::ranges::is_sorted(items));
  sorted = items;
  std::ranges::sort(sorted);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(sorted[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace basin
