// Data that is made: its statistics, and that it is a function of its arguments.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "basin/data/made/adding.hpp"
#include "basin/data/made/sparse_words.hpp"
#include "basin/data/made/spirals.hpp"
#include "tests/refusal.hpp"

namespace basin::data {
namespace {

Stream stream(std::string_view part, std::uint64_t seed = 1) { return {seed, 0, part}; }

TEST(Made, SpiralsLieOnTheirArms) {
  const MadeTable table = spirals(2000, stream("train"));
  ASSERT_EQ(table.rows.size(), 4000u);
  ASSERT_EQ(table.classes.size(), 2000u);
  for (std::size_t i = 0; i < table.classes.size(); ++i) {
    EXPECT_EQ(table.classes[i], static_cast<std::int64_t>(i % 2));
    // Turned back by its angle, a point is `along` from the center: in the direction of its own arm.
    const double x = table.rows[2 * i], y = table.rows[2 * i + 1], radius = std::hypot(x, y);
    if (radius < 0.2) continue;  // the noise may put it on the other side
    const double angle = std::atan2(y, x) - table.classes[i] * M_PI;
    const double along = angle / 2, turns = std::round((radius - along) / M_PI);
    EXPECT_NEAR(radius, along + turns * M_PI, 0.0501) << i;
  }
}

TEST(Made, AddingMarksOneStepOfEachHalf) {
  for (const std::int64_t length : {2, 3, 100}) {
    const MadeSequences made = adding(300, length, stream("train"));
    ASSERT_EQ(made.steps.size(), static_cast<std::size_t>(300 * length * 2));
    for (std::size_t i = 0; i < made.values.size(); ++i) {
      double sum = 0;
      int marks[2] = {};
      for (std::int64_t t = 0; t < length; ++t) {
        const float* step =
            &made.steps[(i * static_cast<std::size_t>(length) + static_cast<std::size_t>(t)) * 2];
        EXPECT_TRUE(step[0] >= 0 && step[0] < 1 && (step[1] == 0 || step[1] == 1));
        sum += double{step[0]} * double{step[1]};
        marks[t >= length / 2] += step[1] == 1;
      }
      EXPECT_EQ(made.values[i], static_cast<float>(sum));
      EXPECT_TRUE(marks[0] == 1 && marks[1] == 1) << "length " << length << ", sequence " << i;
    }
  }
  EXPECT_EQ(refusal([] { adding(1, 1, stream("train")); }),
            "the adding problem marks two steps, so its length must be 2 or more; found 1");
}

TEST(Made, AlwaysSayingOneHasAnErrorOfASixth) {
  const MadeSequences made = adding(50'000, 4, stream("train"));
  double squares = 0;
  for (const float value : made.values) squares += (value - 1.0) * (value - 1.0) / 50'000;
  // The deviation of one square is 0.2, of their mean 0.001.
  EXPECT_NEAR(squares, 1.0 / 6, 0.004);
}

constexpr SparseWordsSize small{.count = 20'000, .width = 1000, .words = 30};

TEST(Made, SparseWordsAreCompressedRows) {
  const MadeSparseTable table = sparse_words(small, stream("truth"), stream("train")).documents;
  ASSERT_EQ(table.row_offsets.size(), 20'001u);
  ASSERT_EQ(table.classes.size(), 20'000u);
  EXPECT_EQ(table.row_offsets.front(), 0);
  EXPECT_EQ(table.row_offsets.back(), static_cast<std::int64_t>(table.columns.size()));
  EXPECT_EQ(table.values, std::vector<float>(table.columns.size(), 1));
  for (std::size_t i = 0; i + 1 < table.row_offsets.size(); ++i) {
    const std::int64_t from = table.row_offsets[i], to = table.row_offsets[i + 1];
    EXPECT_TRUE(from < to && to <= from + small.words);
    for (std::int64_t at = from; at < to; ++at) {
      const std::int32_t word = table.columns[static_cast<std::size_t>(at)];
      EXPECT_TRUE(word >= 0 && word < small.width);
      EXPECT_TRUE(at == from || table.columns[static_cast<std::size_t>(at - 1)] < word);
    }
  }
}

// Word k of Zipf's law is in a document of n draws with probability 1 - (1 - p)^n, p = 1 / ((k + 1) H).
TEST(Made, SparseWordsFollowZipfsLaw) {
  const MadeSparseTable table = sparse_words(small, stream("truth"), stream("train")).documents;
  double harmonic = 0;
  for (int k = 1; k <= small.width; ++k) harmonic += 1.0 / k;
  std::map<std::int32_t, double> share;
  for (const std::int32_t word : table.columns) share[word] += 1.0 / small.count;
  for (const std::int32_t word : {0, 1, 9, 99, 999}) {
    const double wanted = 1 - std::pow(1 - 1 / ((word + 1) * harmonic), small.words);
    EXPECT_NEAR(share[word], wanted, 5 * std::sqrt(wanted / small.count)) << "word " << word;
  }
}

// A quarter of the words have a weight, and who knows them is right as often as is promised.
TEST(Made, SparseWordsHaveTheBestAccuracyThatTheySay) {
  const SparseWords made = sparse_words({.count = 20'000}, stream("truth"), stream("train"));
  EXPECT_NEAR(made.best_accuracy, 0.9, 0.02);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(made.weights, 0)) / 20'000, 0.75, 0.02);
  double right = 0;
  for (std::size_t i = 0; i < made.documents.classes.size(); ++i) {
    double logit = 0;
    for (auto at = made.documents.row_offsets[i]; at < made.documents.row_offsets[i + 1]; ++at)
      logit += made.weights[static_cast<std::size_t>(made.documents.columns[static_cast<std::size_t>(at)])];
    right += (logit > 0) == (made.documents.classes[i] == 1);
  }
  EXPECT_NEAR(right / 20'000, made.best_accuracy, 0.01);
  // The documents alone, with another truth: other classes for the same words.
  const SparseWords other = sparse_words({.count = 20'000}, stream("truth", 2), stream("train"));
  EXPECT_EQ(made.documents.columns, other.documents.columns);
  EXPECT_NE(made.documents.classes, other.documents.classes);
  double ones = 0;
  for (const std::int64_t yes : made.documents.classes) ones += static_cast<double>(yes) / 20'000;
  EXPECT_TRUE(ones > 0.2 && ones < 0.8) << ones;
}

TEST(Made, SparseWordsRefuseSizesWithoutWords) {
  EXPECT_EQ(refusal([] { sparse_words({.count = 1, .words = 0}, stream("truth"), stream("train")); }),
            "sparse words: a document must have 1 word or more, found 0");
  EXPECT_EQ(refusal([] { sparse_words({.count = 1, .width = 1}, stream("truth"), stream("train")); }),
            "sparse words: the width must be in [2, 2^31), found 1");
}

TEST(Made, IsAFunctionOfItsArguments) {
  EXPECT_EQ(spirals(50, stream("train")).rows, spirals(50, stream("train")).rows);
  EXPECT_NE(spirals(50, stream("train")).rows, spirals(50, stream("test")).rows);
  EXPECT_EQ(adding(5, 9, stream("train")).steps, adding(5, 9, stream("train")).steps);
  EXPECT_NE(adding(5, 9, stream("train")).steps, adding(5, 9, stream("train", 2)).steps);
  // The first examples do not depend on how many follow.
  EXPECT_EQ(adding(5, 9, stream("train")).values[4], adding(50, 9, stream("train")).values[4]);
  const SparseWords made = sparse_words({.count = 20}, stream("truth"), stream("train"));
  EXPECT_EQ(made.documents.classes,
            sparse_words({.count = 20}, stream("truth"), stream("train")).documents.classes);
}

}  // namespace
}  // namespace basin::data
