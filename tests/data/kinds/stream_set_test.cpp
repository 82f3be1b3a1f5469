// Texts and series in shared memory: the parts follow one another in time.
#include "basin/data/kinds/stream_set.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "basin/data/kinds/kinds.hpp"
#include "tests/refusal.hpp"

namespace basin::data {
namespace {

TextCorpus text_of(std::size_t length) {
  TextCorpus out{.symbols = {U'a', U'b', U'ä'}, .ids = std::vector<std::uint16_t>(length)};
  for (std::size_t i = 0; i < length; ++i) out.ids[i] = static_cast<std::uint16_t>(i % 3);
  return out;
}

// Columns day, up (0, 1, 2 ...) and down (0, -1, -2 ...).
CsvTable series_of(int steps, const std::string& last = "") {
  std::string text = "day,up,down\n";
  for (int i = 0; i < steps; ++i)
    text += "d" + std::to_string(i) + "," + std::to_string(i) + "," + std::to_string(-i) + "\n";
  text += last;
  return parse_csv({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

Source windows(std::int64_t window, std::int64_t horizon = 1, Names predict = {}) {
  return {.file = "f",
          .predict = std::move(predict),
          .window = window,
          .horizon = horizon,
          .test = 0.2,
          .validation = 0.25};
}

TEST(TrainingSteps, ValidationFollowsTraining) {
  const TrainingSteps steps = training_steps(80, 0.25);
  EXPECT_EQ(steps.train.begin, 0);
  EXPECT_EQ(steps.train.end, 60);
  EXPECT_EQ(steps.validation.begin, 60);
  EXPECT_EQ(steps.validation.end, 80);
  EXPECT_EQ(training_steps(80, 0).validation.count(), 0);
}

TEST(TextSet, TheLastShareIsTheTest) {
  const TextCorpus text = text_of(100);
  const SharedSet set = share_text(text, windows(8), "f");
  EXPECT_EQ(kind_of(set), "text");
  EXPECT_EQ(classes_of(set), 3);
  EXPECT_EQ(attribute(set, "symbols"), "[97,98,228]");
  const auto train = set.at("train.tokens").as<std::uint16_t>(),
             test = set.at("test.tokens").as<std::uint16_t>();
  EXPECT_EQ(count_of(set, "train"), 80);
  EXPECT_EQ(count_of(set, "test"), 20);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(i < 80 ? train[i] : test[i - 80], text.ids[i]);
}

TEST(TextSet, EachPartHoldsAWindowAndTheSymbolAfterIt) {
  EXPECT_EQ(refusal([] { share_text(text_of(100), windows(19), "f"); }), "none");
  EXPECT_EQ(refusal([] { share_text(text_of(100), windows(20), "f"); }),
            "f: of its 100 steps, test = 0.2 and validation = 0.25 leave 60 to train on, 20 to validate with "
            "and 20 for "
            "the test, but an example takes 21; choose a shorter window, or more data");
  Source none = windows(4);
  none.validation = 0;
  EXPECT_NE(refusal([&] { share_text(text_of(100), none, "f"); }), "none");
}

TEST(SeriesSet, PartsFollowOneAnotherWithEveryChannel) {
  const SharedSet set = share_series(series_of(50), windows(4, 2), "f");
  EXPECT_EQ(kind_of(set), "series");
  EXPECT_EQ(attribute(set, "names"), R"(["up","down"])");
  EXPECT_EQ(outputs_of(set), 4) << "two steps of two channels";
  EXPECT_EQ(set.at("train.series").shape, (Extents{40, 2}));
  EXPECT_EQ(set.at("test.series").shape, (Extents{10, 2}));
  const auto train = set.at("train.series").as<float>(), test = set.at("test.series").as<float>();
  EXPECT_EQ(train[2 * 39], 39);
  EXPECT_EQ(train[2 * 39 + 1], -39);
  EXPECT_EQ(test[0], 40);
  EXPECT_EQ(test[2 * 9 + 1], -49);
  const SharedSet one = share_series(series_of(50), windows(4, 1, {"down"}), "f");
  EXPECT_EQ(attribute(one, "names"), R"(["down"])");
  EXPECT_EQ(one.at("train.series").as<float>()[3], -3);
}

TEST(SeriesSet, RefusesGapsCategoriesAndTooLittle) {
  EXPECT_EQ(refusal([] { share_series(series_of(50, "e,,3\n"), windows(4), "f"); }),
            "f: line 52 has no up; a series must not have gaps");
  EXPECT_EQ(refusal([] { share_series(series_of(50), windows(4, 1, {"day"}), "f"); }),
            "f: day holds categories; a series is of numbers");
  EXPECT_EQ(refusal([] { share_series(series_of(50), windows(4, 1, {"dwn"}), "f"); }),
            "f: unknown column 'dwn'; did you mean 'down'?");
  EXPECT_EQ(refusal([] { share_series(series_of(50), windows(8, 2), "f"); }), "none");
  EXPECT_EQ(refusal([] { share_series(series_of(50), windows(8, 3), "f"); }),
            "f: of its 50 steps, test = 0.2 and validation = 0.25 leave 30 to train on, 10 to validate with "
            "and 10 for "
            "the test, but an example takes 11; choose a shorter window, or more data");
}

}  // namespace
}  // namespace basin::data
