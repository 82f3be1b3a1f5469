// What the columns of a table are said to hold.
#include "basin/data/readers/csv_summary.hpp"

#include <gtest/gtest.h>

#include <string>

#include "basin/storage/file.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::CsvColumnSummary;
using data::CsvSummary;

CsvSummary of(const std::string& text) {
  return data::summary(data::parse_csv({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

TEST(CsvSummary, DescribesColumns) {
  const CsvSummary s = of("n,half,t,same,gone\n1,0.5,red,7,\n4,?,blue,7,\n-2,1.5,red,7,\n3,2.5,,7,\n");
  const CsvColumnSummary &n = s.columns[0], &half = s.columns[1], &t = s.columns[2];
  EXPECT_EQ(n.min, -2);
  EXPECT_EQ(n.max, 4);
  EXPECT_EQ(n.mean, 1.5);
  EXPECT_EQ(n.median, 2);
  EXPECT_TRUE(n.whole);
  EXPECT_EQ(n.distinct, 4u);
  EXPECT_EQ(half.median, 1.5);
  EXPECT_FALSE(half.whole);
  EXPECT_EQ(t.distinct, 2u);
  EXPECT_EQ(t.rarest, 1u);
  EXPECT_TRUE(s.columns[3].constant());
  EXPECT_TRUE(s.columns[4].all_missing());
  EXPECT_EQ(n.text(), "whole numbers from -2 to 4, mean 1.5");
  EXPECT_EQ(half.text(), "numbers from 0.5 to 2.5, mean 1.5, 1 missing");
  EXPECT_EQ(t.text(), "2 categories, 1 missing");
  EXPECT_EQ(s.columns[3].text(), "always 7");
  EXPECT_EQ(s.columns[4].text(), "all missing");
  EXPECT_EQ(s.one_hot_width, 4u);
  EXPECT_EQ(s.text(),
            "3 numeric columns, 1 with 2 categories, 1 missing in half, 1 missing in t, same constant, gone "
            "all missing");
}

TEST(CsvSummary, CountsValuesUpToALimit) {
  std::string text = "a\n";
  for (int i = 0; i < 3000; ++i) text += std::to_string(i) + "\n";
  EXPECT_EQ(of(text).columns[0].distinct, data::most_distinct);
}

TEST(CsvSummary, DescribesHousing) {
  const auto file = samples::real_data() / "california-housing/housing.csv";
  if (samples::real_data().empty() || !std::filesystem::exists(file))
    GTEST_SKIP() << "no california-housing in $BASIN_TEST_DATA";
  const CsvSummary s = data::summary(data::parse_csv(storage::read_file(file)));
  EXPECT_EQ(s.text(), "9 numeric columns, 1 with 5 categories, 207 missing in total_bedrooms");
  EXPECT_EQ(s.one_hot_width, 14u);
  EXPECT_EQ(s.columns[4].median, 435) << "as Python's statistics has it";
  EXPECT_EQ(s.columns[9].rarest, 5u);
}

}  // namespace
