// What every sampler promises, over the list.
#include "basin/search/samplers.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "basin/search/suggest.hpp"
#include "basin/search/unit.hpp"
#include "tests/refusal.hpp"
#include "tests/search/spaces.hpp"

namespace basin::search {
namespace {

// A value for every point, with some that diverged, were pruned, or are not there yet.
Observation told(const Space& space, const Point& point, std::size_t number, std::size_t visible) {
  double sum = 0;
  for (std::size_t i = 0; i < point.size(); ++i)
    if (!std::isnan(point[i])) sum += std::pow(to_unit(space.parameters[i], point[i]) - 0.3, 2);
  if (number >= visible) return {point, {}};
  if (number % 7 == 3) return {point, {unbounded, unbounded}};
  return {point, {sum, 1 - sum / 2}, number % 5 == 4 ? 0.25 : 1};
}

// A search in which trial k sees the results of the trials up to k - 8.
std::vector<Observation> searched(const Sampler& sampler, const Space& space, std::uint64_t seed,
                                  std::size_t trials) {
  std::vector<Observation> earlier;
  std::vector<Point> points;
  for (std::size_t number = 0; number < trials; ++number) {
    earlier.clear();
    for (std::size_t i = 0; i < points.size(); ++i)
      earlier.push_back(told(space, points[i], i, number < 8 ? 0 : number - 7));
    const auto point = suggest(sampler, space, earlier, seed, number);
    if (!point) break;
    points.push_back(*point);
  }
  earlier.clear();
  for (std::size_t i = 0; i < points.size(); ++i) earlier.push_back(told(space, points[i], i, points.size()));
  return earlier;
}

TEST(Samplers, StayInTheSpaceAndNeverRepeatAConfiguration) {
  const Space space = mixed();
  for (const SamplerInfo& info : sampler_infos()) {
    const std::vector<Observation> all = searched(*make_sampler(info.name), space, 3, 60);
    ASSERT_EQ(all.size(), 60u) << info.name;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Point& point = all[i].point;
      ASSERT_EQ(point.size(), space.parameters.size()) << info.name;
      EXPECT_TRUE(same(point, settled(space, point))) << info.name;
      for (std::size_t p = 0; p < point.size(); ++p) {
        ASSERT_EQ(std::isnan(point[p]), !is_there(space, point, p)) << info.name;
        if (std::isnan(point[p])) continue;
        EXPECT_GE(point[p], lowest(space.parameters[p])) << info.name;
        EXPECT_LE(point[p], highest(space.parameters[p])) << info.name;
        if (is_discrete(space.parameters[p])) {
          EXPECT_EQ(point[p], std::floor(point[p])) << info.name;
        }
      }
      for (std::size_t j = 0; j < i; ++j)
        EXPECT_FALSE(same(point, all[j].point)) << info.name << ": " << i << " is " << j;
    }
  }
}

TEST(Samplers, AreFunctionsOfTheirArguments) {
  const Space space = mixed();
  for (const SamplerInfo& info : sampler_infos()) {
    const std::vector<Observation> all = searched(*make_sampler(info.name), space, 5, 40);
    EXPECT_FALSE(same(all[0].point, searched(*make_sampler(info.name), space, 6, 1)[0].point))
        << info.name << ": the seed does not matter";
    for (const std::size_t number : {std::size_t{0}, std::size_t{12}, std::size_t{39}}) {
      const auto earlier = std::span(all).first(number);
      const auto fresh = suggest(*make_sampler(info.name), space, earlier, 5, number);
      const auto used = make_sampler(info.name);
      suggest(*used, space, std::span(all).first(20), 9, 20);
      EXPECT_TRUE(same(*fresh, *suggest(*used, space, earlier, 5, number))) << info.name << ", " << number;
    }
  }
}

TEST(Samplers, TryEveryConfigurationOfAFiniteSpaceOnce) {
  const Space space{{category("init", {"a", "b", "c"}), integer("layers", 1, 4),
                     under(integer("width", 1, 2), "init", "b")}};
  for (const SamplerInfo& info : sampler_infos())
    EXPECT_EQ(searched(*make_sampler(info.name), space, 1, 99).size(), 4u + 8 + 4) << info.name;
}

TEST(Samplers, SurviveASearchInWhichEverythingFails) {
  const Space space = mixed();
  for (const SamplerInfo& info : sampler_infos()) {
    std::vector<Observation> all;
    for (std::uint64_t number = 0; number < 40; ++number) {
      const Point point = *suggest(*make_sampler(info.name), space, all, 1, number);
      for (std::size_t p = 0; p < point.size(); ++p)
        EXPECT_EQ(std::isnan(point[p]), !is_there(space, point, p)) << info.name;
      all.push_back({point, {unbounded}});
    }
  }
}

TEST(Samplers, TheGridEndsAfterItsLastCell) {
  const auto grid = make_sampler("grid levels 4");
  const std::vector<Observation> all = searched(*grid, unit_square(), 2, 99);
  EXPECT_EQ(all.size(), 16u);
  const std::vector<Observation> again = searched(*grid, unit_square(), 3, 99);
  EXPECT_FALSE(same(all[0].point, again[0].point) && same(all[1].point, again[1].point)) << "not shuffled";
}

TEST(Samplers, AreReadFromText) {
  EXPECT_EQ(find_sampler("sobol").name, "sobol");
  for (const SamplerInfo& info : sampler_infos()) {
    EXPECT_FALSE(info.title.empty() || info.help.empty() || info.paper.empty()) << info.name;
    EXPECT_NE(make_sampler(info.name), nullptr);
  }
  const auto refused = [](std::string_view text) { return refusal([&] { make_sampler(text); }); };
  EXPECT_EQ(refused("  grid  levels 3 "), "none");
  EXPECT_EQ(refused("gird"), "unknown sampler 'gird'; did you mean 'grid'?");
  EXPECT_EQ(refused("grid levels"), "grid 'levels': a value is missing; write it like levels 0.1");
  EXPECT_EQ(refused("grid levels 1"),
            "grid: levels = 1 is outside its range; it must be more than 1, and finite");
  EXPECT_EQ(refused("random levels 3"), "random: unknown knob 'levels'; there is none");
}

}  // namespace
}  // namespace basin::search
