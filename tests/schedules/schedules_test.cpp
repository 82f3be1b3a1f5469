#include "basin/schedules/schedules.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "basin/schedules/text.hpp"
#include "tests/paths.hpp"
#include "tests/refusal.hpp"

namespace basin {
namespace {

std::vector<double> path(std::string_view text, int total = 60, int per_epoch = 10) {
  const Schedule schedule = Schedule::parse(text);
  std::vector<double> out;
  for (int t = 0; t < total; ++t) out.push_back(schedule.factor(t, total, per_epoch));
  return out;
}

std::string refusal(std::string_view text) {
  return basin::refusal([&] { path(text); });
}

// PyTorch multiplies from step to step where basin has a closed form: 60 products round by about 1e-16 each,
// and differences of close numbers, in its cosine and its cycle, amplify that a hundred times.
constexpr double rounding = 1e-12;

TEST(Schedules, EqualPyTorchsNestedOnesToo) {
  std::ifstream file(std::string(paths::golden) + "/schedules.csv");
  int cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    std::istringstream cells(line);
    std::string text, cell;
    std::getline(cells, text, ';');
    const std::vector<double> factors = path(text);
    for (std::size_t t = 0; t < factors.size(); ++t) {
      ASSERT_TRUE(std::getline(cells, cell, ';'));
      EXPECT_NEAR(factors[t], std::stod(cell), rounding) << text << ", step " << t;
    }
  }
  EXPECT_GE(cases, 18);
}

// Values computed by hand, for the shapes that PyTorch does not have.
TEST(Schedules, HaveTheValuesOfTheirDefinitions) {
  EXPECT_DOUBLE_EQ(path("warmup 10 from=0.5")[5], 0.75);
  EXPECT_DOUBLE_EQ(path("warmup_exp 10 from=0.01")[5], 0.1);
  EXPECT_DOUBLE_EQ(path("inverse_time decay=2 every=10")[20], 1.0 / 5);
  EXPECT_DOUBLE_EQ(path("inverse_sqrt 4")[16], 0.5);
  EXPECT_DOUBLE_EQ(path("inverse_sqrt 4")[3], 1);
  EXPECT_DOUBLE_EQ(path("cosine_restarts 10 growth=0.5")[12], (1 + std::cos(M_PI * 2 / 5)) / 2);
  EXPECT_DOUBLE_EQ(path("cosine_restarts 10 growth=0.5 floor=0.1")[20], 0.1) << "10 + 5 + 2.5 + ... steps";
  EXPECT_DOUBLE_EQ(path("one_cycle warmup=0.1", 10)[0], 1) << "its top is the first step";
  EXPECT_DOUBLE_EQ(path("warmup 10, constant, linear 20")[30], 1) << "stable";
  EXPECT_DOUBLE_EQ(path("warmup 10, constant, linear 20")[50], 0.5) << "half of the decay";
}

TEST(Schedules, CountInEpochsWhereTheTextSaysSo) {
  EXPECT_EQ(path("step 2ep gamma=0.5"), path("step 20 gamma=0.5"));
  EXPECT_EQ(path("warmup 1ep, cosine"), path("warmup 10, cosine 50"));
  EXPECT_EQ(path("exponential"), path("exponential gamma=0.95 every=10"));
}

// Every shape at its defaults: a number at each step, at most 1 at the first two... and, except for constant,
// it has an effect.
TEST(Schedules, EveryShapeHasDefaultsThatWork) {
  for (const ShapeInfo& shape : schedule_shapes()) {
    const std::vector<double> factors = path(shape.name, 300, 10);
    for (const double factor : factors) EXPECT_TRUE(factor >= 0 && factor <= 1) << shape.name;
    EXPECT_EQ(std::ranges::adjacent_find(factors, std::not_equal_to<>()) == factors.end(),
              shape.name == "constant")
        << shape.name;
    for (const Knob& knob : shape.knobs)
      EXPECT_TRUE(knob.range->contains(std::abs(knob.initial))) << shape.name;
  }
}

// With values at the ends of their ranges, and beyond the end of the run. Shapes that grow by a ratio exceed
// every number.
TEST(Schedules, AreFiniteInEveryShape) {
  const auto grows = [](const ShapeInfo& shape, const Knob& knob) {
    return knob.name == "gamma" && shape.name != "drop";
  };
  for (const ShapeInfo& shape : schedule_shapes())
    for (const Knob& knob : shape.knobs)
      for (const double value :
           {0.0, 1e-300, 1e-9, 0.1, 0.2, 0.5, 0.999999, 1.0, 1.000001, 2.0, 1e9, 1e300}) {
        if (!knob.range->contains(value) || (grows(shape, knob) && value > 1)) continue;
        const std::string text =
            std::string(shape.name) + " " + std::string(knob.name) + "=" + text_of(value);
        const Schedule schedule = Schedule::parse(text);
        for (const double total : {1, 2, 3, 5, 10, 1000})
          for (const double step : {0, 1, 2, 3, 5, 9, 10, 100, 1000, 1000000})
            EXPECT_TRUE(std::isfinite(schedule.factor(step, total, 3)))
                << text << ", step " << step << " of " << total;
      }
}

TEST(Schedules, AreOfTheRateUnlessTheTextNamesAKnob) {
  const auto parts = parse_schedules("warmup 10, cosine; momentum : linear to=0.9");
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].knob, "lr");
  EXPECT_EQ(parts[0].schedule.text(), "warmup 10, cosine");
  EXPECT_EQ(parts[1].knob, "momentum");
  EXPECT_EQ(parts[1].schedule.factor(30, RunLength{60}), path("linear to=0.9")[30]);
  EXPECT_THROW(parse_schedules("cosine; lr: linear"), InputError) << "two of the rate";
}

TEST(Schedules, GoOnBehindTheEndOfTheLastPart) {
  const Schedule schedule = Schedule::parse("cosine floor=0.2");
  EXPECT_EQ(schedule.factor(1'000, 60, 10), 0.2);
}

TEST(Schedules, SayWhatIsWrongWithAText) {
  EXPECT_EQ(refusal("cosin"), "unknown schedule 'cosin'; did you mean 'cosine'?");
  EXPECT_EQ(refusal("warmup, cosine"),
            "schedule 'warmup, cosine' has 2 parts without a length; only one can take the rest");
  EXPECT_EQ(refusal("warmup 60, cosine"),
            "schedule 'warmup 60, cosine' leaves no steps of a run of 60 for its part without a length");
  EXPECT_EQ(refusal("cosine floor=2"),
            "schedule cosine: floor = 2 is outside its range; it must be in [0, 1]");
  EXPECT_EQ(refusal("cosine flor=0"), "schedule cosine: unknown knob 'flor'; did you mean 'floor'?");
  EXPECT_EQ(refusal("step ten"), "schedule step: 'ten' is not a number of steps, or of epochs as in 2ep");
  EXPECT_EQ(refusal("step 10 0.5 3"), "schedule step: '3' is one value too many");
  EXPECT_EQ(refusal("cosine -5"), "schedule cosine: its length must be more than 0");
  EXPECT_EQ(
      refusal("linear 1 0.5"),
      "schedule linear: a length of 1 steps; it must be a whole number, 2 or more, or in epochs as in 2ep; "
      "for a factor write from=1");
  EXPECT_EQ(refusal("warmup 5,"), "a schedule has an empty part; write it like 'warmup 500, cosine'");
}

}  // namespace
}  // namespace basin
