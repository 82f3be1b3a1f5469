// Examples of every kind of data: each part counted, no row in two parts, the same for the same numbers.
#include "basin/train/data_examples.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "basin/data/kinds/sparse_set.hpp"
#include "basin/data/kinds/stream_set.hpp"
#include "basin/data/kinds/table_set.hpp"
#include "tests/refusal.hpp"

namespace basin::train {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Batch all_of(Examples& examples, Part part) {
  std::vector<std::uint32_t> positions(static_cast<std::size_t>(examples.count(part)));
  std::iota(positions.begin(), positions.end(), 0u);
  return examples.gather(part, positions);
}

std::vector<std::int64_t> counts(const Examples& examples) {
  return {examples.count(Part::train), examples.count(Part::validation), examples.count(Part::test)};
}

void expect_same(const Batch& a, const Batch& b) {
  EXPECT_TRUE(torch::equal(a.inputs, b.inputs));
  EXPECT_TRUE(torch::equal(a.targets, b.targets));
}

// --- tables

// Row i: x = i, y = 10 i + 5, class i % 2.
data::SharedSet table(const data::Source& source) {
  std::string text = "x,y,c\n";
  for (int i = 0; i < 50; ++i)
    text += std::to_string(i) + "," + std::to_string(10 * i + 5) + "," + (i % 2 ? "odd\n" : "even\n");
  return data::share_table(data::parse_csv(bytes_of(text)), nullptr, source, "t");
}

const data::Source values{
    .kind = "table", .predict = {"y"}, .leave_out = {"c"}, .targets = "values", .validation = 0.25};
const data::Source classes{.kind = "table", .predict = {"c"}, .leave_out = {"y"}, .validation = 0.25};

TEST(TableExamples, EveryRowIsInOnePart) {
  for (const data::Source& source : {values, classes}) {
    const data::SharedSet set = table(source);
    const auto examples = data_examples(set, source, 1, 0, {.normalize = false});
    EXPECT_EQ(counts(*examples), (std::vector<std::int64_t>{30, 10, 10}));
    std::multiset<float> rows;
    for (const Part part : {Part::train, Part::validation, Part::test}) {
      const torch::Tensor x = all_of(*examples, part).inputs.contiguous();
      rows.insert(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
    }
    EXPECT_EQ(rows.size(), 50u);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(rows.count(static_cast<float>(i)), 1u) << i;
  }
}

TEST(TableExamples, AreAFunctionOfSeedAndReplicate) {
  const data::SharedSet set = table(values);
  const auto made = [&](std::uint64_t seed, std::uint64_t replicate) {
    return all_of(*data_examples(set, values, seed, replicate, {.train_size = 7}), Part::train);
  };
  expect_same(made(1, 2), made(1, 2));
  EXPECT_FALSE(torch::equal(made(1, 2).inputs, made(1, 3).inputs));
  EXPECT_FALSE(torch::equal(made(1, 2).inputs, made(2, 2).inputs));
  EXPECT_EQ(made(1, 2).inputs.size(0), 7);
  EXPECT_EQ(refusal([&] { data_examples(set, values, 1, 0, {.train_size = 31}); }),
            "cannot train on 31 of 30 training records; use 1 to 30");
}

TEST(TableExamples, AreScaledByTheTrainingRowsAndTargetsTurnBack) {
  const data::SharedSet set = table(values);
  const auto scaled = data_examples(set, values, 1, 0),
             plain = data_examples(set, values, 1, 0, {.normalize = false});
  const Batch train = all_of(*scaled, Part::train);
  for (const torch::Tensor& t : {train.inputs, train.targets}) {
    EXPECT_NEAR(t.mean().item<double>(), 0, 1e-6);
    EXPECT_NEAR(t.std(/*unbiased=*/false).item<double>(), 1, 1e-6);
  }
  const TargetScale scale = scaled->target_scale();
  const Batch test = all_of(*scaled, Part::test), rows = all_of(*plain, Part::test);
  EXPECT_TRUE(torch::allclose(test.targets * scale.sd[0] + scale.mean[0], 10 * rows.inputs + 5, 1e-5, 1e-3));
}

TEST(TableExamples, MayBeGatheredFirstInInferenceMode) {
  const data::SharedSet set = table(values);
  const auto examples = data_examples(set, values, 1, 0);
  const c10::InferenceMode inference;
  const Batch batch = all_of(*examples, Part::train);
  EXPECT_FALSE(batch.inputs.is_inference());
  EXPECT_FALSE(batch.targets.is_inference());
}

// --- sparse rows

TEST(SparseExamples, AreTheDenseRows) {
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += std::to_string(i % 2) +
            (i % 5 ? " " + std::to_string(i % 5) + ":" + std::to_string(i) + " 7:1" : "") + "\n";
  const data::Source source{.kind = "sparse", .validation = 0.25};
  const data::SparseRows rows = data::parse_libsvm(bytes_of(text));
  const data::SharedSet set = data::share_sparse(rows, &rows, source, "s");
  const auto examples = data_examples(set, source, 1, 0);
  EXPECT_EQ(counts(*examples), (std::vector<std::int64_t>{30, 10, 40}));
  const std::uint32_t some[] = {39, 5, 6, 6};
  const Batch batch = examples->gather(Part::test, some);
  torch::Tensor dense = torch::zeros({4, 7});
  dense[0][3] = 39, dense[0][6] = 1;
  for (const int row : {2, 3}) dense[row][0] = 6, dense[row][6] = 1;
  EXPECT_EQ(batch.inputs.layout(), at::kSparseCsr);
  EXPECT_TRUE(torch::equal(batch.inputs.to_dense(), dense)) << batch.inputs.to_dense();
  EXPECT_TRUE(torch::equal(batch.targets, torch::tensor({1, 1, 0, 0}, torch::kInt64)));
}

// --- texts: symbol i of the text is i

struct Text {
  explicit Text(std::size_t length = 1000) {
    data::TextCorpus corpus{.symbols = std::vector<char32_t>(length),
                            .ids = std::vector<std::uint16_t>(length)};
    std::iota(corpus.symbols.begin(), corpus.symbols.end(), 0u);
    std::iota(corpus.ids.begin(), corpus.ids.end(), std::uint16_t{0});
    set = std::make_unique<data::SharedSet>(data::share_text(corpus, source, "t"));
  }
  data::Source source{.kind = "text", .window = 10, .test = 0.2, .validation = 0.25};
  std::unique_ptr<data::SharedSet> set;
};

TEST(TextExamples, WindowsFollowOneAnotherAndTargetsAreOneStepLater) {
  const Text text;
  const auto examples = data_examples(*text.set, text.source, 1, 0);
  EXPECT_EQ(counts(*examples), (std::vector<std::int64_t>{59, 19, 19})) << "of 600, 200 and 200 symbols";
  for (const auto& [part, begin] : {std::pair{Part::train, 0}, {Part::validation, 600}, {Part::test, 800}}) {
    const Batch batch = all_of(*examples, part);
    EXPECT_TRUE(torch::equal(batch.inputs.flatten(), begin + torch::arange(batch.inputs.numel())));
    EXPECT_TRUE(torch::equal(batch.targets, batch.inputs + 1));
  }
}

TEST(TextExamples, AnEpochDrawsItsWindowsFromTheTrainingPart) {
  const Text text;
  const auto examples = data_examples(*text.set, text.source, 1, 0, {.train_size = 5000}),
             again = data_examples(*text.set, text.source, 1, 0, {.train_size = 5000}),
             other = data_examples(*text.set, text.source, 1, 1, {.train_size = 5000});
  EXPECT_EQ(examples->count(Part::train), 5000);
  std::vector<std::uint32_t> positions(5000);
  std::iota(positions.begin(), positions.end(), 0u);
  const Batch first = examples->gather_training(1, positions);
  expect_same(first, again->gather_training(1, positions));
  EXPECT_FALSE(torch::equal(first.inputs, examples->gather_training(2, positions).inputs));
  EXPECT_FALSE(torch::equal(first.inputs, other->gather_training(1, positions).inputs));
  EXPECT_TRUE(torch::equal(first.targets, first.inputs + 1));
  EXPECT_EQ(first.inputs.min().item<std::int64_t>(), 0);
  EXPECT_EQ(first.targets.max().item<std::int64_t>(), 599) << "the last symbol of the training part";
}

// --- series: channel 0 is the step, channel 1 twice that

TEST(SeriesExamples, WindowsBeginAtEveryStepAndTheHorizonFollows) {
  std::string text = "a,b\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + "," + std::to_string(2 * i) + "\n";
  const data::Source source{.kind = "series", .window = 3, .horizon = 2, .test = 0.2, .validation = 0.25};
  const data::SharedSet set = data::share_series(data::parse_csv(bytes_of(text)), source, "s");
  const auto plain = data_examples(set, source, 1, 0, {.normalize = false}),
             scaled = data_examples(set, source, 1, 0);
  EXPECT_EQ(counts(*plain), (std::vector<std::int64_t>{56, 16, 16})) << "of 60, 20 and 20 steps";
  for (const auto& [part, begin] : {std::pair{Part::train, 0}, {Part::validation, 60}, {Part::test, 80}}) {
    const Batch batch = all_of(*plain, part);
    const std::int64_t last = batch.inputs.size(0) - 1;
    EXPECT_EQ(batch.inputs[0][0][0].item<float>(), static_cast<float>(begin));
    EXPECT_EQ(batch.inputs[last][2][1].item<float>(), static_cast<float>(2 * (begin + last + 2)));
    EXPECT_TRUE(
        torch::equal(batch.targets[last],
                     torch::tensor({last + 3, 2 * (last + 3), last + 4, 2 * (last + 4)}).to(torch::kFloat32) +
                         torch::tensor({begin, 2 * begin, begin, 2 * begin})));
  }
  const TargetScale scale = scaled->target_scale();
  ASSERT_EQ(scale.mean.size(), 4u);
  EXPECT_NEAR(scale.mean[0], 29.5, 1e-9) << "over the training steps alone";
  EXPECT_NEAR(scale.mean[3], 59, 1e-9);
  const Batch a = all_of(*scaled, Part::test), b = all_of(*plain, Part::test);
  EXPECT_TRUE(torch::allclose(
      a.targets * torch::tensor(scale.sd).to(torch::kFloat32) + torch::tensor(scale.mean).to(torch::kFloat32),
      b.targets, 1e-5, 1e-3));
}

}  // namespace
}  // namespace basin::train
