// Sobol and Halton beside their published numbers, and what their scrambling keeps.
#include "basin/search/sequences.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "tests/refusal.hpp"

namespace basin::search {
namespace {

TEST(Sequences, SobolIsThatOfJoeAndKuo) {
  const std::vector<std::vector<double>> points{
      {0, 0, 0, 0, 0},
      {.5, .5, .5, .5, .5},
      {.75, .25, .25, .25, .75},
      {.25, .75, .75, .75, .25},
      {.375, .375, .625, .875, .375},
      {.875, .875, .125, .375, .875},
      {.625, .125, .875, .625, .625},
      {.125, .625, .375, .125, .125},
  };
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_EQ(sobol(i, 5), points[i]) << i;
  EXPECT_EQ(refusal([] { sobol(0, 3668); }),
            "a Sobol sequence has at most 3667 parameters; this space has 3668");
}

TEST(Sequences, HaltonIsThatOfItsPrimes) {
  const auto expect = [](std::uint64_t index, std::array<double, 4> point) {
    const std::vector<double> found = halton(index, 4);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(found[i], point[i]) << index << ", " << i;
  };
  expect(0, {0, 0, 0, 0});
  expect(1, {1. / 2, 1. / 3, 1. / 5, 1. / 7});
  expect(2, {1. / 4, 2. / 3, 2. / 5, 2. / 7});
  expect(3, {3. / 4, 1. / 9, 3. / 5, 3. / 7});
  expect(4, {1. / 8, 4. / 9, 4. / 5, 4. / 7});
}

// How many of the cells of equal volume hold none of `count` points.
using Scrambled = std::vector<double> (*)(std::uint64_t, std::size_t, std::uint64_t);
int empty_cells(Scrambled sequence, int count, int across, int down, std::uint64_t key) {
  std::set<int> full;
  for (int i = 0; i < count; ++i) {
    const std::vector<double> x = sequence(static_cast<std::uint64_t>(i), 2, key);
    full.insert(static_cast<int>(x[0] * across) * down + static_cast<int>(x[1] * down));
  }
  return across * down - static_cast<int>(full.size());
}

TEST(Sequences, ScramblingKeepsThemEven) {
  for (std::uint64_t key = 0; key < 20; ++key) {
    for (const int across : {1, 2, 4, 8, 16, 32, 64})
      EXPECT_EQ(empty_cells(scrambled_sobol, 64, across, 64 / across, key), 0) << across << ", key " << key;
    for (const auto& [across, down] : {std::pair{1, 27}, {2, 27}, {4, 27}, {8, 1}, {8, 9}, {4, 3}})
      EXPECT_EQ(empty_cells(scrambled_halton, across * down, across, down, key), 0)
          << across << " x " << down << ", key " << key;
  }
}

TEST(Sequences, ScramblingMakesEveryPointUniform) {
  for (const Scrambled sequence : {Scrambled(scrambled_sobol), Scrambled(scrambled_halton)}) {
    double sum = 0, squares = 0;
    constexpr int keys = 4000;
    for (std::uint64_t key = 0; key < keys; ++key) {
      const double x = sequence(5, 3, key)[2];
      EXPECT_GE(x, 0);
      EXPECT_LT(x, 1);
      sum += x;
      squares += x * x;
    }
    EXPECT_NEAR(sum / keys, 1. / 2, 4 * std::sqrt(1. / 12 / keys));
    EXPECT_NEAR(squares / keys, 1. / 3, 4 * std::sqrt(4. / 45 / keys));
  }
}

}  // namespace
}  // namespace basin::search
