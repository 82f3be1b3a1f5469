#include "basin/core/fields.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <vector>

namespace basin {
namespace {

struct Spot {
  BASIN_RECORD(Spot, "spot")
  BASIN_FIELD(double, x, required, "m") = 1;
  BASIN_FIELD(double, y, plain, "m") = 2;
};

struct Everything {
  BASIN_RECORD(Everything, "thing")
  BASIN_FIELD(int, count, required, "how many") = 3;

  BASIN_FIELD(std::optional<Spot>, maybe, plain, "") = {};
  BASIN_FIELD(Spot, first, flat | measured | required, "where it began") = {};
  BASIN_FIELD(Spot, here, inlined, "") = {};
  BASIN_FIELD(std::vector<int>, list, unless_empty, "") = {};
  BASIN_FIELD(std::string, name, words, "") = "none";
};
static_assert(every_member_is_a_field<Spot> && every_member_is_a_field<Everything>);

TEST(Fields, StandInTheOrderOfTheirLines) {
  std::vector<std::string> names;
  Everything record{.count = 4, .name = "some"};
  for_each_member(record, [&](auto field, auto& value) {
    names.emplace_back(field.name);
    if constexpr (std::is_same_v<decltype(value), int&>) value = 5;
  });
  EXPECT_EQ(names, (std::vector<std::string>{"count", "maybe", "first", "here", "list", "name"}));
  EXPECT_EQ(record.count, 5);
}

TEST(Fields, OfAFlatRecordStandInItsPlace) {
  std::vector<std::string> names, needed, measured, helps;
  for_each_leaf_of<Everything>([&](const Leaf& leaf, auto, const auto&) {
    names.push_back(leaf.name);
    if (leaf.required) needed.push_back(leaf.name);
    if (leaf.measured) measured.push_back(leaf.name);
    helps.emplace_back(leaf.help);
  });
  EXPECT_EQ(names,
            (std::vector<std::string>{"count", "maybe", "first_x", "first_y", "x", "y", "list", "name"}));
  EXPECT_EQ(needed, (std::vector<std::string>{"count", "first_x"})) << "both must want it";
  EXPECT_EQ(measured, (std::vector<std::string>{"first_x", "first_y"}));
  EXPECT_EQ(helps[2], "where it began");
}

}  // namespace
}  // namespace basin
