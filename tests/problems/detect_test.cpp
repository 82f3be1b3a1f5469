// Problems made of small files of every kind: what is detected, what is chosen, and what is refused.
#include "basin/problems/detect.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "basin/problems/file.hpp"
#include "basin/records/json.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace basin {
namespace {

class Detected : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) const {
    samples::write(folder_ / name, {text.begin(), text.end()});
    return folder_ / name;
  }
  // Returns the problem of a path, after it was checked and written and read again.
  Problem problem(const std::filesystem::path& path, const data::Names& predict = {}) const {
    const DetectedProblem found = detect_problem(path, predict);
    const std::string text = problem_text(found.problem, root(), found.seen);
    EXPECT_EQ(nlohmann::json(parse_problem(text, root(), "p")), nlohmann::json(found.problem)) << text;
    return found.problem;
  }
  std::string table() const {
    std::string text = "size,colour,gap,same,kind,price\n";
    for (int i = 0; i < 30; ++i)
      text += std::to_string(i) + (i % 3 ? ",red," : ",green,") + (i == 4 ? "" : std::to_string(i % 7)) +
              ",1," + std::to_string(i % 2) + "," + std::to_string(i * 1.5) + "\n";
    return text;
  }
  const std::filesystem::path& root() const { return folder_; }

  samples::Folder folder_;
};

TEST_F(Detected, ATablePredictsNumbersOrClasses) {
  const auto path = file("my houses.csv", table());
  const Problem price = problem(path, {"price"});
  EXPECT_EQ(price.name, "my-houses");
  EXPECT_EQ(price.source->kind, "table");
  EXPECT_EQ(price.source->targets, "values");
  EXPECT_EQ(price.loss, "mse");
  EXPECT_EQ(price.metric, "rmse");
  EXPECT_EQ(price.source->test_file, "");
  for (const char* target : {"colour", "kind"}) {
    const Problem classes = problem(path, {target});
    EXPECT_EQ(classes.source->targets, "classes") << target;
    EXPECT_EQ(classes.loss, "cross_entropy");
    EXPECT_EQ(classes.metric, "auc") << "of two classes";
  }
  EXPECT_EQ(problem(path, {"kind", "price"}).source->targets, "values") << "two columns are values";
}

TEST_F(Detected, SaysWhatItSaw) {
  const std::string seen = detect_problem(file("t.csv", table()), {"price"}).seen;
  EXPECT_EQ(seen.find("30 rows: "), 0u) << seen;
  EXPECT_NE(seen.find("same is the same everywhere: left out\n"), std::string::npos) << seen;
  EXPECT_NE(seen.find("1 missing in gap: filled with the median\n"), std::string::npos) << seen;
}

TEST_F(Detected, SaysWhatIsPredictedAndWhichFileIsTheTest) {
  file("t-test.csv", table());
  EXPECT_NE(detect_problem(file("t-train.csv", table()), {"price"})
                .seen.find("the test is t-test.csv, which is beside it\n"),
            std::string::npos);
  std::string text = "month,high,low\n";
  for (int i = 0; i < 100; ++i) text += "m" + std::to_string(i) + "," + std::to_string(i % 10) + ",1\n";
  EXPECT_NE(detect_problem(file("sun.csv", text), {})
                .seen.find("a series: the next high and low from the 5 steps before\n"),
            std::string::npos);
  EXPECT_EQ(detect_problem(file("one.libsvm", "1 1:2\n"), {}).seen,
            "1 row, 1 column, 1 value in a row, 1 label\n");
}

TEST_F(Detected, TheReaderOfATableNamesAByteThatIsNoText) {
  const auto path = file("nul.csv", std::string("a,b\n1,2\n3,\0004\n", 14));
  EXPECT_EQ(refusal([&] { detect_problem(path, {"b"}); }),
            path.string() + ": line 3, byte 10: wanted text, found a NUL byte");
}

TEST_F(Detected, ATableWantsAColumnThatIsThere) {
  const auto path = file("t.csv", table());
  EXPECT_EQ(
      refusal([&] { detect_problem(path, {}); }),
      path.string() +
          ": which column is to be predicted? add --predict with one of size, colour, gap, same, kind and "
          "price");
  EXPECT_EQ(refusal([&] { detect_problem(path, {"prize"}); }),
            path.string() + ": unknown column 'prize'; did you mean 'price'?");
  EXPECT_EQ(refusal([&] { detect_problem(path, {"price", "sise"}); }),
            path.string() + ": unknown column 'sise'; did you mean 'size'?");
}

TEST_F(Detected, DatesAndNumbersAreASeriesUnlessAColumnIsPredicted) {
  std::string text = "month,value\n";
  for (int i = 0; i < 100; ++i) text += "m" + std::to_string(i) + "," + std::to_string(i % 10) + "\n";
  const auto path = file("sun.csv", text);
  const Problem series = problem(path);
  EXPECT_EQ(series.source->kind, "series");
  EXPECT_EQ(series.loss, "mse");
  EXPECT_EQ(series.source->window, 5);
  EXPECT_EQ(problem(path, {"value"}).source->kind, "table");
}

TEST_F(Detected, SparseRowsAreClassesOrValues) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += (i % 2 ? "+1 " : "-1 ") + std::to_string(i + 1) + ":0.5 90:1\n";
  const auto path = file("a9a", text);
  EXPECT_EQ(problem(path).source->kind, "sparse");
  EXPECT_EQ(problem(path).source->test_file, "");
  EXPECT_EQ(problem(path).metric, "accuracy");
  EXPECT_EQ(problem(path).layers, "sparse-linear outputs");
  const auto test = file("a9a.t", "+1 1:1\n");
  EXPECT_EQ(problem(path).source->test_file, test.string());
  std::string values;
  for (int i = 0; i < 40; ++i) values += std::to_string(i) + ".5 1:0.5 2:1\n";
  EXPECT_EQ(problem(file("v.libsvm", values)).source->targets, "values");
  EXPECT_EQ(problem(file("v.libsvm", values)).loss, "mse");
}

TEST_F(Detected, ATestFileBesideIsFound) {
  const auto train = file("adult-train.csv", table()), test = file("adult-test.csv", table());
  EXPECT_EQ(problem(train, {"kind"}).source->test_file, test.string());
  EXPECT_EQ(problem(train, {"kind"}).name, "adult-train");
}

TEST_F(Detected, TextsAndImages) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "Es war einmal, ";
  const Problem notes = problem(file("notes.txt", text));
  EXPECT_EQ(notes.source->kind, "text");
  EXPECT_EQ(notes.metric, "log_loss");
  EXPECT_EQ(notes.source->window, 11);
  EXPECT_EQ(refusal([&] { detect_problem(folder_ / "notes.txt", {"x"}); }),
            "--predict: " + (folder_ / "notes.txt").string() + " has no columns by name; leave it out");

  samples::mnist_files(folder_ / "digits", 40, 20);
  const Problem digits = problem(folder_ / "digits/");
  EXPECT_EQ(digits.name, "digits");
  EXPECT_EQ(digits.source->kind, "idx");
  EXPECT_EQ(digits.metric, "accuracy");
  samples::write(folder_ / "cifar/data_batch_1.bin", samples::cifar10(20));
  samples::write(folder_ / "cifar/test_batch.bin", samples::cifar10(10));
  EXPECT_EQ(problem(folder_ / "cifar").source->kind, "cifar");
}

TEST_F(Detected, WhatIsNoDataIsRefused) {
  for (const auto& [name, text] : {std::pair{"page.md", "# Title\n\nSome *words* of [a page](x).\n"},
                                   {"settings.json", "{\"a\": 1}\n"},
                                   {"empty.csv", ""}}) {
    const auto path = file(name, text);
    EXPECT_EQ(refusal([&] { detect_problem(path, {}); }).find(path.string()), 0u) << name;
  }
}

}  // namespace
}  // namespace basin
