// Tables in shared memory: which columns are kept, targets of both kinds, the test, and rows as numbers.
#include "basin/data/kinds/table_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "basin/data/kinds/kinds.hpp"
#include "tests/refusal.hpp"

namespace basin::data {
namespace {

CsvTable parse(const std::string& text, const CsvTable* like = nullptr) {
  return parse_csv({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, {}, like);
}

Source predicting(Names columns, std::string targets = "classes") {
  return {.kind = "table",
          .file = "t.csv",
          .test_file = "t-test.csv",
          .predict = std::move(columns),
          .targets = std::move(targets)};
}

SharedSet share(const std::string& text, const Source& source) {
  return share_table(parse(text), nullptr, source, source.file);
}
SharedSet share(const std::string& text, const std::string& test, const Source& source) {
  const CsvTable table = parse(text), tested = parse(test, &table);
  return share_table(table, &tested, source, source.file);
}

template <class T>
std::vector<T> column(const SharedSet& set, const std::string& name) {
  const auto values = set.at(name).as<T>();
  return {values.begin(), values.end()};
}

Names input_names(const SharedSet& set) {
  Names out;
  for (const InputColumn& c : input_columns(set)) out.push_back(c.name);
  return out;
}

// Returns rows of a part as the network takes them.
std::vector<float> encoded(const SharedSet& set, const std::string& part,
                           const std::vector<std::uint32_t>& fitted, bool scale, bool one_hot) {
  const TableEncoding encoding(set, fitted, scale, one_hot);
  std::vector<std::uint32_t> all(static_cast<std::size_t>(count_of(set, part)));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  std::vector<float> out(all.size() * static_cast<std::size_t>(encoding.width()));
  encoding.gather(set.at(part + ".inputs").as<float>(), all, out.data());
  return out;
}

const std::string two_kinds = "a,empty,same,word,y\n1,,7,no,u\n2,,7,yes,v\n3,,7,,u\n,,7,no,v\n5,,7,no,u\n";

TEST(TableSet, LeavesOutColumnsThatSayNothingAndThoseThatAreToBe) {
  const SharedSet set = share(two_kinds, "a,empty,same,word,y\n9,4,4,yes,v\n", predicting({"y"}));
  EXPECT_EQ(kind_of(set), "table");
  EXPECT_EQ(input_names(set), (Names{"a", "word"}));
  EXPECT_EQ(classes_of(set), 2);
  EXPECT_EQ(attribute(set, "class_names"), R"(["u","v"])");
  EXPECT_EQ(column<std::int32_t>(set, "train.labels"), (std::vector<std::int32_t>{0, 1, 0, 1, 0}));
  EXPECT_EQ(column<float>(set, "test.inputs"), (std::vector<float>{9, 1}));

  Source source = predicting({"y"});
  source.leave_out = {"a"};
  EXPECT_EQ(input_names(share(two_kinds, two_kinds, source)), Names{"word"});
  source.leave_out = {"wrod"};
  EXPECT_EQ(refusal([&] { share(two_kinds, two_kinds, source); }),
            "t.csv: unknown column 'wrod'; did you mean 'word'?");
  source.leave_out = {"a", "word"};
  EXPECT_EQ(refusal([&] { share(two_kinds, two_kinds, source); }),
            "t.csv: there is no column to predict y from");
}

TEST(TableSet, RefusesTargetsThatCannotBeLearnt) {
  const auto refused = [](const std::string& text, const Source& source) {
    return refusal([&] { share(text, source); });
  };
  EXPECT_EQ(refused("x,price\n1,2\n2,3\n", predicting({"prize"})),
            "t.csv: unknown column 'prize'; did you mean 'price'?");
  EXPECT_EQ(refused("x,y\n1,2\n2,3\n", predicting({})),
            "t.csv: which column is to be predicted? name one of x and y");
  EXPECT_EQ(refused("x,y\n1,2\n2,\n3,4\n", predicting({"y"}, "values")),
            "t.csv: line 3 has no y, which is to be predicted; remove the line, or predict another column");
  EXPECT_EQ(refused("x,y\n1,u\n2,u\n3,\n4,v\n5,v\n", predicting({"y"})),
            "t.csv: line 4 has no y, which is to be predicted; remove the line, or predict another column");
  EXPECT_EQ(refused("x,y\n1,u\n2,u\n3,w\n4,v\n5,v\n", predicting({"y"})),
            "t.csv: the class 'w' of y has one record; each class needs two or more");
  EXPECT_EQ(refused("x,y\n1,2\n2,2\n3,2\n", predicting({"y"})),
            "t.csv: y is the same in every row; there is nothing to predict");
  EXPECT_EQ(refused("x,y\n1,2\n2,2\n3,2\n", predicting({"y"}, "values")),
            "t.csv: y is the same in every row; there is nothing to predict");
  EXPECT_EQ(refused("x,y\n1,u\n2,v\n3,u\n", predicting({"y"}, "values")),
            "t.csv: y holds categories; as values, predict numbers");
  EXPECT_EQ(refused("x,y,z\n1,u,1\n2,v,2\n3,u,1\n4,v,2\n", predicting({"y", "z"})),
            "t.csv: y and z cannot be classes together; predict one column, or write targets = \"values\"");
  EXPECT_EQ(refused("x,y\n1,2\n", predicting({"y"}, "values")).substr(0, 7), "t.csv: ");
  EXPECT_EQ(refused("x,y\n1,2\n2,3\n", predicting({"y"}, "values")),
            "t.csv: of 2 records, test = 0.2 leaves 2 for training and 0 for the test; there must be one of "
            "each, or a "
            "test file");
}

TEST(TableSet, NumbersThatAreClassesAreNamedInTheirOrder) {
  const std::string text = "x,y\n1,10\n2,-0.5\n3,2\n4,10\n5,2\n6,-0.5\n";
  const SharedSet set = share(text, "x,y\n1,10\n2,2\n", predicting({"y"}));
  EXPECT_EQ(attribute(set, "class_names"), R"(["-0.5","2","10"])");
  EXPECT_EQ(column<std::int32_t>(set, "train.labels"), (std::vector<std::int32_t>{2, 0, 1, 2, 1, 0}));
  EXPECT_EQ(column<std::int32_t>(set, "test.labels"), (std::vector<std::int32_t>{2, 1}))
      << "as in training, though the test has two of the three";
  EXPECT_EQ(refusal([&] { share(text, "x,y\n1,10\n2,3\n", predicting({"y"})); }),
            "t-test.csv: line 3 has the class 3, which no training row has; these have -0.5, 2 and 10");
  EXPECT_EQ(
      attribute(share("x,y\n1,1e-7\n2,2e-7\n3,1e-7\n4,2e-7\n5,2e-7\n", predicting({"y"})), "class_names"),
      R"(["1e-07","2e-07"])");
}

TEST(TableSet, ColumnsOfTheTestAreFoundByName) {
  const std::string text = "a,b,y\n1,5,u\n2,6,v\n3,7,u\n4,8,v\n";
  EXPECT_NE(refusal([&] { share(text, "b,a,y\n5,1,u\n", predicting({"y"})); }), "none")
      << "parse_csv wants the columns of the first file, in their order";
  CsvTable table = parse(text), test = parse("a,b,y\n1,5,v\n2,6,u\n", &table);
  std::swap(test.columns[0], test.columns[1]);
  const SharedSet set = share_table(table, &test, predicting({"y"}), "t.csv");
  EXPECT_EQ(column<float>(set, "test.inputs"), (std::vector<float>{1, 5, 2, 6}));
  EXPECT_EQ(column<std::int32_t>(set, "test.labels"), (std::vector<std::int32_t>{1, 0}));
  test.columns.erase(test.columns.begin());
  EXPECT_EQ(refusal([&] { share_table(table, &test, predicting({"y"}), "t.csv"); }),
            "t-test.csv: unknown column 'b'; it is one of a and y");
}

TEST(TableSet, ATestMayHaveOneValueAndMayNotLackOne) {
  const std::string text = "x,y,z\n1,2,5\n2,3,6\n3,5,8\n";
  const SharedSet set = share(text, "x,y,z\n1,4,9\n1,4,9\n", predicting({"z", "y"}, "values"));
  EXPECT_EQ(outputs_of(set), 2);
  EXPECT_EQ(column<float>(set, "train.targets"), (std::vector<float>{5, 2, 6, 3, 8, 5}));
  EXPECT_EQ(column<float>(set, "test.targets"), (std::vector<float>{9, 4, 9, 4}));
  EXPECT_EQ(
      refusal([&] { share(text, "x,y,z\n1,4,9\n1,,9\n", predicting({"y"}, "values")); }),
      "t-test.csv: line 3 has no y, which is to be predicted; remove the line, or predict another column");
}

TEST(TableSet, DrawsATestInProportionToTheClasses) {
  std::string text = "x,y\n";
  for (int i = 0; i < 50; ++i) text += std::to_string(i) + (i % 5 == 0 ? ",rare\n" : ",often\n");
  const SharedSet set = share(text, predicting({"y"})), again = share(text, predicting({"y"}));
  const auto labels = column<std::int32_t>(set, "test.labels");
  EXPECT_EQ(labels.size(), 10u);
  EXPECT_EQ(std::ranges::count(labels, 1), 2);
  EXPECT_EQ(count_of(set, "train"), 40);
  EXPECT_EQ(column<float>(set, "test.inputs"), column<float>(again, "test.inputs"));
  std::vector<float> all = column<float>(set, "train.inputs");
  for (const float x : column<float>(set, "test.inputs")) all.push_back(x);
  std::ranges::sort(all);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<float>(i)) << "each row once";
}

// --- rows as numbers

const std::string numbers = "a,w,y\n1,no,u\n3,yes,v\n,,u\n5,no,v\n100,maybe,u\n";

TEST(TableEncoding, CategoriesAreOneHotOrCodesAndMissingOnesAreZero) {
  const SharedSet set = share(numbers, numbers, predicting({"y"}));
  const std::vector<std::uint32_t> rows{0, 1, 3};
  EXPECT_EQ(encoded_categories(set, true), (std::vector<std::int64_t>{0, 0, 0, 0}));
  EXPECT_EQ(encoded_categories(set, false), (std::vector<std::int64_t>{0, 4}));
  EXPECT_EQ(TableEncoding(set, rows, true, false).categories(), encoded_categories(set, false));
  // maybe, no, yes
  EXPECT_EQ(encoded(set, "test", rows, false, true),
            (std::vector<float>{1, 0, 1, 0, 3, 0, 0, 1, 3, 0, 0, 0, 5, 0, 1, 0, 100, 1, 0, 0}));
  EXPECT_EQ(encoded(set, "test", rows, false, false), (std::vector<float>{1, 2, 3, 3, 3, 0, 5, 2, 100, 1}));
}

TEST(TableEncoding, ScalesByTheTrainingRowsAndFillsWithTheirMedian) {
  const SharedSet set = share(numbers, numbers, predicting({"y"}));
  const float sd = std::sqrt(8.0f / 3);  // of 1, 3, 5
  const auto scaled = encoded(set, "test", {0, 1, 3}, true, false);
  for (const auto& [row, value] : {std::pair{0, 1.0f}, {1, 3.0f}, {2, 3.0f}, {3, 5.0f}, {4, 100.0f}})
    EXPECT_FLOAT_EQ(scaled[static_cast<std::size_t>(2 * row)], (value - 3) / sd) << row;
  EXPECT_EQ(encoded(set, "test", {0, 3, 4, 2}, false, false)[4], 5) << "the median of 1, 5, 100";
  EXPECT_EQ(encoded(set, "test", {0, 1, 3, 4}, false, false)[4], 4) << "of 1, 3, 5, 100";
  EXPECT_EQ(encoded(set, "test", {2}, true, false)[4], 0) << "of none";
  EXPECT_EQ(encoded(set, "test", {1}, true, false)[0], -2) << "one value is not scaled";
}

TEST(TableEncoding, RefusesARowThatIsNotThere) {
  const SharedSet set = share(numbers, numbers, predicting({"y"}));
  const std::vector<std::uint32_t> rows{0, 1}, beyond{5};
  std::vector<float> out(2);
  EXPECT_EQ(
      refusal([&] {
        TableEncoding(set, rows, true, false).gather(set.at("test.inputs").as<float>(), beyond, out.data());
      }),
      "row 5 is out of range; the 5 rows count from 0");
}

}  // namespace
}  // namespace basin::data
