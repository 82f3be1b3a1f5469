// LIBSVM: sparse rows, and the message of every refusal.
#include "basin/data/readers/libsvm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "basin/storage/file.hpp"
#include "tests/data/damage.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace {

using namespace basin;
using data::parse_libsvm;
using data::SparseRows;

SparseRows parse(const std::string& text) {
  return parse_libsvm({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string refused(const std::string& text) {
  return refusal([&] { parse(text); });
}

TEST(Libsvm, ReadsSparseRows) {
  const SparseRows rows = parse("+1 3:0.5 11:1\r\n# a comment\n-1\t1:-2e3 2147483647:4 # another\n\n0.5 \n");
  EXPECT_EQ(rows.labels, (std::vector<double>{1, -1, 0.5}));
  EXPECT_EQ(rows.row_offsets, (std::vector<std::int64_t>{0, 2, 4, 4}));
  EXPECT_EQ(rows.columns, (std::vector<std::int32_t>{2, 10, 0, 2147483646}));
  EXPECT_EQ(rows.values, (std::vector<float>{0.5f, 1, -2000, 4}));
  EXPECT_EQ(rows.width, 2147483647);
  EXPECT_EQ(parse("1 1:1e-60").values[0], 0);
}

TEST(Libsvm, RefusesIndicesThatDoNotRiseFromOne) {
  EXPECT_EQ(refused("1 1:1\n1 0:1\n"), "line 2: wanted an index from 1 on, found '0:1'");
  EXPECT_EQ(refused("1 -3:1\n"), "line 1: wanted an index from 1 on, found '-3:1'");
  EXPECT_EQ(refused("1 5:1 3:1\n"), "line 1: wanted an index above 5, found '3:1'");
  EXPECT_EQ(refused("1 5:1 5:1\n"), "line 1: wanted an index above 5, found '5:1'");
  EXPECT_EQ(refused("1 2147483648:1\n"), "line 1: wanted an index up to 2147483647, found '2147483648:1'");
}

TEST(Libsvm, RefusesWhatIsNoNumber) {
  EXPECT_EQ(refused("1 1:1\nspam 1:1\n"), "line 2: wanted a label that is a finite number, found 'spam'");
  EXPECT_EQ(refused("nan 1:1\n"), "line 1: wanted a label that is a finite number, found 'nan'");
  EXPECT_EQ(refused("1,2 1:1\n"), "line 1: wanted a label that is a finite number, found '1,2'");
  EXPECT_EQ(refused("1 1:x\n"), "line 1: wanted a finite number behind the index, found '1:x'");
  EXPECT_EQ(refused("1 1:\n"), "line 1: wanted a finite number behind the index, found '1:'");
  EXPECT_EQ(refused("1 1:inf\n"), "line 1: wanted a finite number behind the index, found '1:inf'");
  EXPECT_EQ(refused("1 1:1e39\n"), "line 1: wanted a finite number behind the index, found '1:1e39'");
  EXPECT_EQ(refused("1 x:1\n"), "line 1: wanted an index from 1 on, found 'x:1'");
  EXPECT_EQ(refused("1 word\n"), "line 1: wanted index:value, found 'word'");
  EXPECT_EQ(refused("3 qid:1 1:1\n"),
            "line 1: wanted index:value, for basin does not rank by queries, found 'qid:1'");
  EXPECT_EQ(refused("\n# nothing\n"), "line 1: wanted a label and index:value pairs, found no row");
}

TEST(Libsvm, SurvivesDamage) {
  const std::string text = "+1 3:0.5 11:1\r\n# a\n-1\t1:-2e3 70:4 # b\n\n0.5 \n";
  samples::survives_damage({text.begin(), text.end()}, [](auto bytes) {
    const SparseRows rows = parse_libsvm(bytes);
    EXPECT_EQ(rows.row_offsets.size(), rows.rows() + 1);
    EXPECT_EQ(rows.row_offsets.back(), static_cast<std::int64_t>(rows.values.size()));
    for (const std::int32_t column : rows.columns) EXPECT_LT(column, rows.width);
  });
}

TEST(Libsvm, ReadsA9a) {
  const auto folder = samples::real_data() / "a9a";
  if (samples::real_data().empty() || !std::filesystem::exists(folder))
    GTEST_SKIP() << "no a9a in $BASIN_TEST_DATA";
  const struct {
    const char* name;
    std::size_t rows, values;
    std::int64_t positive, width;
  } files[] = {{"a9a", 32561, 451592, 7841, 123}, {"a9a.t", 16281, 225731, 3846, 122}};
  for (const auto& file : files) {
    const SparseRows rows = parse_libsvm(storage::read_file(folder / file.name));
    EXPECT_EQ(rows.rows(), file.rows) << file.name;
    EXPECT_EQ(rows.values.size(), file.values) << file.name;
    EXPECT_EQ(std::ranges::count(rows.labels, 1.0), file.positive) << file.name;
    EXPECT_EQ(rows.width, file.width) << file.name;
  }
}

}  // namespace
