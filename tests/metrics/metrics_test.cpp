// Promises that hold for every metric of the list, and what is refused.
#include "basin/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include "tests/metrics/sample.hpp"
#include "tests/refusal.hpp"

namespace basin::metrics {
namespace {

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
  wrong[0] = undefined;
  EXPECT_THROW(gathering->resume(wrong), InputError) << "a width of NaN";
  EXPECT_EQ(gathering->value(), value) << "a refused state changes nothing";
  gathering->resume(begin(GetParam().name)->state());
  EXPECT_TRUE(std::isnan(gathering->value())) << "the state of one without examples";
}

TEST(Metrics, RefuseAStateOfAnotherWidth) {
  for (const std::string_view name : {"balanced_accuracy", "f1", "auc", "r2"}) {
    const auto gathering = begin(name);
    gathering->add(awkward(find_metric(name).targets, 3).all());
    std::vector<double> state = gathering->state();
    state[0] = 4;
    EXPECT_EQ(refusal([&] { gathering->resume(state); }),
              "metric " + std::string(name) + ": a saved state of " + std::to_string(state.size()) +
                  " numbers is not one of this metric; it was changed or is another's");
  }
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
  EXPECT_EQ(find_metric("rmse").title, "RMSE");
  EXPECT_EQ(refusal([] { find_metric("acuracy"); }), "unknown metric 'acuracy'; did you mean 'accuracy'?");
  EXPECT_EQ(refusal([] { begin("msee"); }), "unknown metric 'msee'; did you mean 'mse'?");
}

}  // namespace
}  // namespace basin::metrics
