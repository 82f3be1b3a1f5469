// Tables as people have them, if they are on this machine: sums that Python's csv module gave for the same
// files.
#include <gtest/gtest.h>

#include <cmath>

#include "basin/data/readers/csv.hpp"
#include "basin/storage/file.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::CsvColumn;
using data::CsvTable;

CsvTable table_of(const std::string& name, const CsvTable* like = nullptr) {
  return data::parse_csv(storage::read_file(samples::real_data() / name), {}, like);
}

double sum(const CsvColumn& column) {
  double sum = 0;
  for (const float value : column.numbers) sum += std::isnan(value) ? 0 : double(value);
  return sum;
}

std::size_t count(const CsvColumn& column, const std::string& category) {
  std::size_t n = 0;
  for (const std::int32_t code : column.codes)
    n += code >= 0 && column.categories[static_cast<std::size_t>(code)] == category;
  return n;
}

bool absent(const std::string& name) {
  return samples::real_data().empty() || !std::filesystem::exists(samples::real_data() / name);
}

TEST(RealTables, CaliforniaHousing) {
  if (absent("california-housing")) GTEST_SKIP() << "no california-housing in $BASIN_TEST_DATA";
  const CsvTable table = table_of("california-housing/housing.csv");
  EXPECT_TRUE(table.header);
  EXPECT_EQ(table.rows, 20640u);
  ASSERT_EQ(table.columns.size(), 10u);
  EXPECT_EQ(table.columns[4].name, "total_bedrooms");
  EXPECT_EQ(table.columns[4].missing, 207u);
  const double sums[] = {-2467918.7, 735441.62, 591119,     54402150,  10990309,
                         29421840,   10310499,  79890.6495, 4269504061};
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_NEAR(sum(table.columns[i]), sums[i], 1e-7 * std::abs(sums[i])) << table.columns[i].name;
  EXPECT_EQ(table.columns[9].categories.size(), 5u);
  EXPECT_EQ(count(table.columns[9], "<1H OCEAN"), 9136u);
  EXPECT_EQ(count(table.columns[9], "ISLAND"), 5u);
}

TEST(RealTables, AdultAndItsTestFile) {
  if (absent("adult")) GTEST_SKIP() << "no adult in $BASIN_TEST_DATA";
  const CsvTable train = table_of("adult/adult-train.csv"), test = table_of("adult/adult-test.csv", &train);
  EXPECT_FALSE(train.header);
  EXPECT_EQ(train.rows, 32561u);
  EXPECT_EQ(test.rows, 16281u);
  ASSERT_EQ(train.columns.size(), 15u);
  const std::size_t categories[] = {0, 8, 0, 16, 0, 7, 14, 6, 5, 2, 0, 0, 0, 41, 2};
  for (std::size_t i = 0; i < 15; ++i) {
    EXPECT_EQ(train.columns[i].categories.size(), categories[i]) << i;
    EXPECT_EQ(test.columns[i].categories, train.columns[i].categories) << i;
  }
  EXPECT_EQ(sum(train.columns[2]), 6179373392.0);
  EXPECT_EQ(sum(test.columns[2]), 3084202270.0);
  EXPECT_EQ(train.columns[6].missing, 1843u);
  EXPECT_EQ(test.columns[13].missing, 274u);
  EXPECT_EQ(count(train.columns[14], ">50K"), 7841u);
  EXPECT_EQ(count(test.columns[14], ">50K"), 3846u) << "written '>50K.' there";
}

TEST(RealTables, Series) {
  if (absent("univariate-series")) GTEST_SKIP() << "no univariate-series in $BASIN_TEST_DATA";
  const struct {
    const char *name, *value;
    std::size_t rows;
    double sum;
  } series[] = {{"airline-passengers.csv", "Passengers", 144, 40363},
                {"monthly-sunspots.csv", "Sunspots", 2820, 144570},
                {"daily-min-temperatures.csv", "Temp", 3650, 40798.8}};
  for (const auto& s : series) {
    const CsvTable table = table_of(std::string("univariate-series/") + s.name);
    EXPECT_EQ(table.rows, s.rows) << s.name;
    EXPECT_EQ(table.columns[0].categories.size(), s.rows) << s.name;
    EXPECT_EQ(table.columns[1].name, s.value);
    EXPECT_NEAR(sum(table.columns[1]), s.sum, 1e-6 * s.sum) << s.name;
  }
}

}  // namespace
