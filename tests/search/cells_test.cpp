// The configurations of a finite space, by number and shuffled.
#include "basin/search/cells.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "basin/search/unit.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

Space finite() {
  return {{category("optimizer", {"sgd", "momentum", "adam"}), integer("layers", 1, 4),
           under(category("decay", {"none", "some"}), "optimizer", "adam"),
           under(integer("amount", 1, 5), "decay", "some"), category("init", {"a", "b"})}};
}

TEST(Cells, AreTheConfigurationsThatDiffer) {
  const Space space = finite();
  const Cells cells(space, Cells::every_value);
  ASSERT_EQ(cells.count(), 4 * 2 * (2 + 1 + 5)) << "by hand";
  std::vector<Observation> all;
  for (std::uint64_t i = 0; i < 64; ++i) {
    const Point point = cells.at(i);
    EXPECT_TRUE(same(point, settled(space, point)));
    for (std::size_t p = 0; p < point.size(); ++p)
      if (is_there(space, point, p)) {
        EXPECT_GE(point[p], lowest(space.parameters[p]));
        EXPECT_LE(point[p], highest(space.parameters[p]));
      }
    EXPECT_FALSE(Tried(all).contains(point)) << i;
    all.push_back({point});
  }
}

TEST(Cells, HaveLevelsFromEndToEnd) {
  const Space space{{real("lr", 1e-4, 1, Scale::log), integer("layers", 1, 9), integer("few", 1, 2)}};
  EXPECT_FALSE(Cells(space, Cells::every_value).are_countable());
  const Cells cells(space, 5);
  ASSERT_EQ(cells.count(), 5 * 5 * 2);
  EXPECT_NEAR(cells.at(10)[0], 1e-3, 1e-15);
  EXPECT_EQ(cells.at(0)[0], 1e-4);
  EXPECT_EQ(cells.at(49)[0], 1);
  std::vector<double> layers;
  for (std::uint64_t i = 0; i < 10; i += 2) layers.push_back(cells.at(i)[1]);
  EXPECT_EQ(layers, (std::vector<double>{1, 3, 5, 7, 9}));
  EXPECT_EQ(cells.at(0)[2], 1);
  EXPECT_EQ(cells.at(1)[2], 2);
}

TEST(Cells, AreCountedWhereTheyCannotBeListed) {
  std::vector<Parameter> many{category("optimizer", {"a", "b"})};
  for (int i = 0; i < 40; ++i)
    many.push_back(under(integer("k" + std::to_string(i), 1, 100), "optimizer", i % 2 == 0 ? "a" : "b"));
  EXPECT_EQ(Cells(Space{many}, Cells::every_value).count(), 2e40);
  EXPECT_FALSE(Cells(Space{many}, Cells::every_value).are_countable());
}

TEST(Cells, AreShuffledWithoutLossAndAnewForEveryKey) {
  for (const std::uint64_t count : {1u, 2u, 3u, 16u, 17u, 1000u}) {
    std::vector<std::uint64_t> order(count), sorted(count);
    for (std::uint64_t i = 0; i < count; ++i) order[i] = shuffled(i, count, 7);
    std::iota(sorted.begin(), sorted.end(), 0u);
    EXPECT_TRUE(std::ranges::is_permutation(order, sorted)) << count;
  }
  std::uint64_t equal = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) equal += shuffled(i, 1000, 1) == shuffled(i, 1000, 2);
  EXPECT_LT(equal, 10u);
  EXPECT_LT(shuffled(5, std::uint64_t{1} << 53, 3), std::uint64_t{1} << 53);
}

}  // namespace
}  // namespace basin::search
