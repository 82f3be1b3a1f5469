// Sparse rows in shared memory: classes in order, values, widths, and the test.
#include "basin/data/kinds/sparse_set.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "basin/data/kinds/kinds.hpp"
#include "tests/refusal.hpp"

namespace basin::data {
namespace {

SparseRows parse(const std::string& text) {
  return parse_libsvm({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

SharedSet share(const std::string& text, const std::string& test, const std::string& targets = "classes") {
  const Source source{.kind = "sparse", .file = "s", .test_file = "s.t", .targets = targets};
  const SparseRows rows = parse(text), tested = parse(test);
  return share_sparse(rows, &tested, source, source.file);
}

template <class T>
std::vector<T> as_vector(std::span<const T> values) {
  return {values.begin(), values.end()};
}

const std::string rows = "+1 1:1 3:2\n-1 2:5\n+1\n-1 1:4 2:3\n";

TEST(SparseSet, ClassesAreInTheOrderOfTheirNumbers) {
  const SharedSet set = share(rows, "1 9:7\n-1 1:1\n");
  EXPECT_EQ(kind_of(set), "sparse");
  EXPECT_EQ(attribute(set, "class_names"), R"(["-1","1"])");
  EXPECT_EQ(as_vector(set.at("train.labels").as<std::int32_t>()), (std::vector<std::int32_t>{1, 0, 1, 0}));
  EXPECT_EQ(as_vector(set.at("test.labels").as<std::int32_t>()), (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(number_attribute(set, "width"), 9) << "of the wider file";
  EXPECT_EQ(number_attribute(share(rows, "1 1:7\n"), "width"), 3);
  const SparsePart part = sparse_part(set, "train");
  EXPECT_EQ(as_vector(part.row_offsets), (std::vector<std::int64_t>{0, 2, 3, 3, 5}));
  EXPECT_EQ(as_vector(part.columns), (std::vector<std::int32_t>{0, 2, 1, 0, 1}));
  EXPECT_EQ(as_vector(part.values), (std::vector<float>{1, 2, 5, 4, 3}));
}

TEST(SparseSet, RefusesClassesThatCannotBeLearnt) {
  EXPECT_EQ(refusal([] { share(rows, "1 1:1\n3 1:1\n"); }),
            "s.t: row 2 has the label 3, which no training row has; these have -1 and 1");
  EXPECT_EQ(refusal([] { share(rows + "5 1:1\n", "1 1:1\n"); }),
            "s: the class 5 has one record; each class needs two or more");
  EXPECT_EQ(refusal([] { share("2 1:1\n2 1:2\n", "2 1:1\n"); }),
            "s: every row has the label 2; there is nothing to predict");
  const Source source{.kind = "sparse", .file = "s", .targets = "values"};
  EXPECT_EQ(refusal([&] { share_sparse(parse("1 1:1\n2 1:1\n"), nullptr, source, "s"); }),
            "s: of 2 records, test = 0.2 leaves 2 for training and 0 for the test; there must be one of "
            "each, or a test "
            "file");
}

TEST(SparseSet, LabelsMayBeValues) {
  const SharedSet set = share("0.5 1:1\n2.25 2:5\n", "7 1:1\n", "values");
  EXPECT_EQ(classes_of(set), 0);
  EXPECT_EQ(outputs_of(set), 1);
  EXPECT_EQ(as_vector(set.at("train.targets").as<float>()), (std::vector<float>{0.5f, 2.25f}));
  EXPECT_EQ(as_vector(set.at("test.targets").as<float>()), (std::vector<float>{7}));
}

TEST(SparseSet, DrawsATestThatHasItsOwnValues) {
  std::string text;
  for (int i = 0; i < 40; ++i)  // row i has i % 4 values, all of them i
    text += std::to_string(i % 2) + [&] {
      std::string values;
      for (int k = 1; k <= i % 4; ++k) values += " " + std::to_string(k) + ":" + std::to_string(i);
      return values + "\n";
    }();
  const Source source{.kind = "sparse", .file = "s"};
  const SharedSet set = share_sparse(parse(text), nullptr, source, "s");
  EXPECT_EQ(count_of(set, "train"), 32);
  EXPECT_EQ(count_of(set, "test"), 8);
  for (const char* name : {"train", "test"}) {
    const SparsePart part = sparse_part(set, name);
    const auto labels = set.at(std::string(name) + ".labels").as<std::int32_t>();
    for (std::size_t row = 0; row < labels.size(); ++row)
      for (auto i = static_cast<std::size_t>(part.row_offsets[row]);
           i < static_cast<std::size_t>(part.row_offsets[row + 1]); ++i) {
        const int number = static_cast<int>(part.values[i]);
        EXPECT_EQ(labels[row], number % 2);
        EXPECT_EQ(part.row_offsets[row + 1] - part.row_offsets[row], number % 4);
      }
  }
}

}  // namespace
}  // namespace basin::data
