// The texts of a column: numbered as they come, found again, ordered by their bytes.
#include "basin/data/readers/csv_categories.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace {

using basin::data::CsvCategories;

TEST(CsvCategories, NumberTextsAsTheyCome) {
  CsvCategories categories;
  EXPECT_EQ(categories.find("a"), -1);
  EXPECT_EQ(categories.add("b", false), 0);
  EXPECT_EQ(categories.add("a", false), 1);
  EXPECT_EQ(categories.add("b", false), 0);
  EXPECT_EQ(categories.find("a"), 1);
  EXPECT_EQ(categories.find("c"), -1);
  EXPECT_EQ(categories.size(), 2u);
}

TEST(CsvCategories, KeepCopiesOfPassingTexts) {
  CsvCategories categories;
  std::string passing = "a text that is too long to stand within a string";
  for (const char last : {'x', 'y', 'z'}) {
    passing.back() = last;
    categories.add(passing, true);
  }
  passing.back() = 'y';
  EXPECT_EQ(categories.find(passing), 1);
  EXPECT_TRUE(categories.name(0).ends_with('x'));
}

TEST(CsvCategories, FindThousandsAndOrderThemByBytes) {
  std::set<std::string> texts{"", "\xc3\xa9", "prefix12a", "prefix12", std::string("prefix12\0", 9)};
  for (int i = 0; i < 5000; ++i) texts.insert(std::to_string(i * 7919 % 100'000));
  std::vector<std::string> shuffled(texts.begin(), texts.end());
  std::ranges::reverse(shuffled);
  CsvCategories categories;
  for (const std::string& text : shuffled) categories.add(text, false);
  EXPECT_EQ(categories.size(), texts.size());
  for (std::size_t i = 0; i < shuffled.size(); ++i)
    ASSERT_EQ(categories.find(shuffled[i]), static_cast<std::int32_t>(i));
  std::vector<std::string> sorted;
  for (const std::int32_t code : categories.order()) sorted.emplace_back(categories.name(code));
  EXPECT_TRUE(std::ranges::equal(sorted, texts));
}

}  // namespace
