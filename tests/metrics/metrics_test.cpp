// Metrics: values by hand, promises that hold for every metric of the list, and what is refused.
#include "basin/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/refusal.hpp"

namespace basin::metrics {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// Examples that own what Predictions points to.
struct Sample {
  std::vector<float> outputs;
  std::int64_t width = 1;
  std::vector<std::int64_t> classes = {};
  std::vector<float> values = {};

  // Rows `from` to `to`.
  Predictions part(std::size_t from, std::size_t to) const {
    const auto w = static_cast<std::size_t>(width);
    return {.outputs = std::span(outputs).subspan(from * w, (to - from) * w),
            .width = width,
            .classes = classes.empty() ? std::span<const std::int64_t>()
                                       : std::span(classes).subspan(from, to - from),
            .values = values.empty() ? std::span<const float>()
                                     : std::span(values).subspan(from * w, (to - from) * w)};
  }
  std::size_t rows() const { return outputs.size() / static_cast<std::size_t>(width); }
  Predictions all() const { return part(0, rows()); }
};

double value_of(std::string_view metric, const Sample& sample) {
  const auto gathering = begin(metric);
  gathering->add(sample.all());
  return gathering->value();
}

TEST(Metrics, AccuracyByHand) {
  const Sample three{
      .outputs = {1, 2, 3, 3, 2, 1, 0, 5, 5, 1, 1, 1, 1, 1, 1}, .width = 3, .classes = {2, 1, 1, 0, 2}};
  EXPECT_EQ(value_of("accuracy", three), 0.6) << "the first of equal outputs is the predicted class";
  EXPECT_EQ(value_of("accuracy", {.outputs = {-1, 0, 1, 2}, .classes = {0, 0, 0, 1}}), 0.75) << "one logit";
  EXPECT_EQ(value_of("accuracy", {.outputs = {nan, nan}, .classes = {0, 1}}), 0);
  EXPECT_EQ(value_of("accuracy", {.outputs = {nan, 1, 1, nan}, .width = 2, .classes = {0, 0}}), 0);
}

TEST(Metrics, BalancedAccuracyByHand) {
  const Sample sample{
      .outputs = {1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0}, .width = 3, .classes = {0, 0, 0, 0, 1}};
  EXPECT_EQ(value_of("balanced_accuracy", sample), (0.75 + 1) / 2)
      << "the class that does not occur is left out";
}

TEST(Metrics, SquaredErrorsByHand) {
  const Sample sample{.outputs = {1, 2, 3, 4}, .width = 2, .values = {1, 0, 0, 5}};
  EXPECT_EQ(value_of("mse", sample), (0 + 4 + 9 + 1) / 4.0);
  EXPECT_EQ(value_of("rmse", sample), std::sqrt(14 / 4.0));
}

// Awkward enough that sums round: 300 rows of `width` outputs.
Sample awkward(Targets targets, std::int64_t width) {
  Sample out{.outputs = {}, .width = width};
  for (int i = 0; i < 300; ++i) {
    if (targets == Targets::classes) out.classes.push_back(i * i / 7 % std::max<std::int64_t>(width, 2));
    for (std::int64_t k = 0; k < width; ++k) {
      out.outputs.push_back(3 * std::sin(static_cast<float>(i * 3 + k * k)));
      if (targets == Targets::values)
        out.values.push_back(std::cos(static_cast<float>(i) * 0.7f) + static_cast<float>(k));
    }
  }
  return out;
}

class EveryMetric : public testing::TestWithParam<Info> {
 protected:
  std::vector<Sample> samples() const {
    std::vector<Sample> out;
    for (const std::int64_t width : {1, 2, 3, 12}) out.push_back(awkward(GetParam().targets, width));
    return out;
  }
};

TEST_P(EveryMetric, HasTheSameBitsForAnyBatches) {
  for (const Sample& sample : samples()) {
    const double whole = value_of(GetParam().name, sample);
    for (const std::size_t batch : {1, 7, 299}) {
      const auto gathering = begin(GetParam().name);
      for (std::size_t i = 0; i < sample.rows(); i += batch)
        gathering->add(sample.part(i, std::min(i + batch, sample.rows())));
      EXPECT_EQ(gathering->value(), whole) << "width " << sample.width << ", batches of " << batch;
    }
  }
}

TEST_P(EveryMetric, ResumesWithTheSameBits) {
  for (const Sample& sample : samples()) {
    const auto first = begin(GetParam().name), second = begin(GetParam().name);
    second->add(sample.part(0, 5));  // forgotten by resume
    first->add(sample.part(0, 113));
    second->resume(first->state());
    EXPECT_EQ(second->state(), first->state());
    second->add(sample.part(113, sample.rows()));
    EXPECT_EQ(second->value(), value_of(GetParam().name, sample)) << "width " << sample.width;
    const auto third = begin(GetParam().name);
    third->resume(second->state());
    EXPECT_EQ(third->value(), second->value()) << "with nothing added after it";
  }
}

TEST_P(EveryMetric, RefusesAStateOfAnotherShape) {
  const Sample sample = awkward(GetParam().targets, 3);
  const auto gathering = begin(GetParam().name);
  gathering->add(sample.all());
  const double value = gathering->value();
  const std::vector<double> state = gathering->state();
  for (std::size_t length = 0; length < std::min<std::size_t>(state.size(), 50); ++length)
    EXPECT_THROW(gathering->resume(std::span(state).first(length)), InputError) << length;
  std::vector<double> wrong = state;
  wrong.push_back(0);
  EXPECT_THROW(gathering->resume(wrong), InputError) << "one number too many";
  wrong = state, wrong[0] = 2.5;
  EXPECT_THROW(gathering->resume(wrong), InputError) << "a width of 2.5";
  wrong[0] = nan;
  EXPECT_THROW(gathering->resume(wrong), InputError) << "a width of NaN";
  EXPECT_EQ(gathering->value(), value) << "a refused state changes nothing";
  gathering->resume(begin(GetParam().name)->state());
  EXPECT_TRUE(std::isnan(gathering->value())) << "the state of one without examples";
}

TEST_P(EveryMetric, IsNaNOverNothing) {
  EXPECT_TRUE(std::isnan(begin(GetParam().name)->value()));
  EXPECT_TRUE(std::isnan(value_of(GetParam().name, {})));
}

// What is right, said with some confidence.
Sample perfect(Sample sample) {
  const auto width = static_cast<std::size_t>(sample.width);
  for (std::size_t i = 0; i < sample.outputs.size(); ++i) {
    if (!sample.values.empty())
      sample.outputs[i] = sample.values[i];
    else if (width == 1)
      sample.outputs[i] = sample.classes[i] == 1 ? 20 : -20;
    else
      sample.outputs[i] = static_cast<std::size_t>(sample.classes[i / width]) == i % width ? 20 : -20;
  }
  return sample;
}

TEST_P(EveryMetric, PrefersWhatIsRightAndStaysInItsRange) {
  const Info& info = GetParam();
  for (const Sample& sample : samples()) {
    const double best = value_of(info.name, perfect(sample)), usual = value_of(info.name, sample);
    for (const double value : {best, usual}) EXPECT_TRUE(value >= info.low && value <= info.high) << value;
    // Among few classes, all are among the five first.
    if (info.name == "top5" && sample.width <= 5)
      EXPECT_EQ(best, usual);
    else if (info.better == Better::larger)
      EXPECT_GT(best, usual) << "width " << sample.width;
    else
      EXPECT_LT(best, usual) << "width " << sample.width;
    EXPECT_NEAR(best, info.better == Better::larger ? info.high : info.low, 1e-6);
  }
}

TEST_P(EveryMetric, SaysWhatIsWrongWithABatch) {
  const std::string metric = "metric " + std::string(GetParam().name) + ": ";
  const auto gathering = begin(GetParam().name);
  Sample sample = awkward(GetParam().targets, 3);
  gathering->add(sample.all());
  const std::vector<double> state = gathering->state();
  const auto refused = [&](const Predictions& predictions) {
    return refusal([&] { gathering->add(predictions); });
  };
  EXPECT_EQ(refused(awkward(GetParam().targets, 2).all()),
            metric + "outputs of width 2 after outputs of width 3");
  EXPECT_EQ(refused({.outputs = std::span(sample.outputs).first(4), .width = 3}),
            metric + "4 outputs are not rows of 3");
  EXPECT_EQ(refused({.outputs = sample.outputs, .width = 0}), metric + "900 outputs are not rows of 0");
  if (GetParam().targets == Targets::values) {
    EXPECT_EQ(refused({.outputs = sample.outputs, .width = 3, .values = std::span(sample.values).first(899)}),
              metric + "wanted a value for each of 900 outputs, found 899");
  } else {
    EXPECT_EQ(refused({.outputs = sample.outputs, .width = 3}),
              metric + "wanted a class for each of 300 examples, found 0");
    for (const std::int64_t wrong : {-1, 3}) {
      sample.classes[299] = wrong;
      EXPECT_EQ(refused(sample.all()), metric + "the class of example 299 is " + std::to_string(wrong) +
                                           "; it must be at least 0 and less than 3");
    }
  }
  EXPECT_EQ(gathering->state(), state) << "a refused batch adds nothing";
}

TEST_P(EveryMetric, IsDescribed) {
  const Info& info = GetParam();
  EXPECT_EQ(find_metric(info.name).title, info.title);
  EXPECT_FALSE(info.title.empty() || info.help.empty());
  EXPECT_LT(info.low, info.high);
  EXPECT_TRUE(!info.percent || info.high == 1);
}

INSTANTIATE_TEST_SUITE_P(List, EveryMetric, testing::ValuesIn(metric_infos()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Metrics, AreFoundByName) {
  EXPECT_EQ(find_metric("rmse").title, "Root mean squared error");
  EXPECT_EQ(refusal([] { find_metric("acuracy"); }), "unknown metric 'acuracy'; did you mean 'accuracy'?");
  EXPECT_EQ(refusal([] { begin("msee"); }), "unknown metric 'msee'; did you mean 'mse'?");
}

}  // namespace
}  // namespace basin::metrics
