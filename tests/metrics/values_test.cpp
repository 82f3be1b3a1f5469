// Values of metrics, by hand and by scikit-learn.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/metrics/sample.hpp"
#include "tests/paths.hpp"

namespace basin::metrics {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

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

TEST(Metrics, ProbabilitiesByHand) {
  const Sample two{.outputs = {0, std::log(3.0f)}, .width = 2, .classes = {0}};
  EXPECT_NEAR(value_of("log_loss", two), std::log(4), 1e-7);
  EXPECT_NEAR(value_of("perplexity", two), 4, 1e-6);
  EXPECT_NEAR(value_of("bits_per_char", two), 2, 1e-7);
  EXPECT_DOUBLE_EQ(value_of("log_loss", {.outputs = {0, 0, 0}, .width = 3, .classes = {1}}), std::log(3));
  // Where a float would overflow, and where 1 - p would be 0.
  EXPECT_EQ(value_of("log_loss", {.outputs = {3e38f, -3e38f}, .width = 2, .classes = {1}}),
            2 * double{3e38f});
  EXPECT_EQ(value_of("log_loss", {.outputs = {1000, -1000}, .classes = {0, 1}}), 1000);
  EXPECT_NEAR(value_of("log_loss", {.outputs = {-50}, .classes = {0}}), std::exp(-50), 1e-36);
  EXPECT_TRUE(std::isnan(value_of("log_loss", {.outputs = {nan, 1}, .width = 2, .classes = {1}})));
  EXPECT_TRUE(std::isnan(value_of("log_loss", {.outputs = {1, nan}, .width = 2, .classes = {0}})));
  EXPECT_TRUE(std::isnan(value_of("log_loss", {.outputs = {nan}, .classes = {0}})));
}

TEST(Metrics, OneLogitIsTheSecondOfTwoWhoseFirstIsZero) {
  Sample one = awkward(Targets::classes, 1), two = one;
  two.width = 2;
  two.outputs.clear();
  for (const float logit : one.outputs) two.outputs.insert(two.outputs.end(), {0, logit});
  for (const Info& info : metric_infos()) {
    if (info.targets != Targets::classes || info.name == "top5") continue;
    EXPECT_NEAR(value_of(info.name, one), value_of(info.name, two), 1e-13) << info.name;
  }
}

TEST(Metrics, AucByHand) {
  const auto auc = [](std::vector<float> outputs, std::vector<std::int64_t> classes, std::int64_t width = 1) {
    return value_of("auc", {.outputs = std::move(outputs), .width = width, .classes = std::move(classes)});
  };
  EXPECT_EQ(auc({0.1f, 0.4f, 0.35f, 0.8f}, {0, 0, 1, 1}), 0.75) << "three of four pairs are in order";
  EXPECT_EQ(auc({1, 1, 1, 2}, {0, 0, 1, 1}), 0.75) << "equal scores count one half";
  EXPECT_EQ(auc({2, 1}, {0, 1}), 0);
  EXPECT_EQ(auc({5, 1, 5, 2}, {0, 1}, 2), 1) << "by the difference of two logits";
  EXPECT_EQ(auc({1e4f, 2e4f, 3e4f}, {0, 1, 1}), 1) << "not by a probability, which would be 1 for all";
  EXPECT_TRUE(std::isnan(auc({1, 2}, {1, 1}))) << "one class";
  EXPECT_TRUE(std::isnan(auc({1, 2, 3, 3, 2, 1}, {2, 2}, 3))) << "one class of three";
  EXPECT_EQ(auc({9, 0, 0, 0, 9, 0}, {0, 1}, 3), 1) << "the class that does not occur is left out";
  EXPECT_TRUE(std::isnan(auc({1, nan}, {0, 1})));
}

TEST(Metrics, F1ByHand) {
  EXPECT_EQ(value_of("f1", {.outputs = {1, 1, 1, -1, -1}, .classes = {1, 1, 0, 1, 0}}), 2 * 2 / 6.0);
  EXPECT_TRUE(std::isnan(value_of("f1", {.outputs = {-1, -1}, .classes = {0, 0}}))) << "no class 1 anywhere";
  EXPECT_EQ(value_of("f1", {.outputs = {-1, -1}, .classes = {0, 1}}), 0);
  EXPECT_EQ(value_of("f1", {.outputs = {nan, 1}, .classes = {1, 1}}), 2 / 3.0) << "NaN predicts no class";
  const Sample three{.outputs = {1, 0, 0, 1, 0, 0}, .width = 3, .classes = {0, 1}};
  EXPECT_EQ(value_of("f1", three), (2 / 3.0 + 0) / 2)
      << "the class that neither occurs nor is predicted is left out";
}

TEST(Metrics, Top5ByHand) {
  Sample sample{.outputs = {6, 5, 4, 3, 2, 1, 1}, .width = 7, .classes = {4}};
  EXPECT_EQ(value_of("top5", sample), 1);
  sample.classes = {5};
  EXPECT_EQ(value_of("top5", sample), 0);
  sample.outputs = {6, 5, 4, 3, 1, 1, 1};
  EXPECT_EQ(value_of("top5", sample), 0) << "the first of equal ones stands ahead";
  EXPECT_EQ(value_of("top5", {.outputs = {nan, 1}, .width = 2, .classes = {0}}), 0);
}

TEST(Metrics, R2ByHand) {
  // Values 1, 2, 3: squares about the mean are 2, those unexplained 0.5.
  EXPECT_DOUBLE_EQ(value_of("r2", {.outputs = {1.5f, 2, 3.5f}, .values = {1, 2, 3}}), 0.75);
  EXPECT_EQ(value_of("r2", {.outputs = {2, 2, 2}, .values = {1, 2, 3}}), 0) << "always the mean";
  EXPECT_TRUE(std::isnan(value_of("r2", {.outputs = {1, 2}, .values = {5, 5}}))) << "a constant";
  EXPECT_TRUE(std::isnan(value_of("r2", {.outputs = {1, 1, 2, 2}, .width = 2, .values = {1, 5, 2, 5}})))
      << "one output of two is constant";
  // Far from 0, where the difference of the sums of squares would be lost.
  const float far = 1 << 23;
  EXPECT_NEAR(value_of("r2", {.outputs = {far, far + 1, far + 3}, .values = {far, far + 1, far + 2}}), 0.5,
              1e-9);
}

std::vector<float> numbers(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<float>(in), {}};
}

TEST(Metrics, EqualThoseOfScikitLearn) {
  std::ifstream file(std::string(paths::golden) + "/metrics.csv");
  std::set<std::string> seen;
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    std::array<std::string, 6> cell;
    for (std::string& text : cell) std::getline(cells, text, ';');
    Sample sample{.outputs = numbers(cell[2]), .width = std::stoi(cell[1]), .values = numbers(cell[4])};
    for (const float number : numbers(cell[3])) sample.classes.push_back(static_cast<std::int64_t>(number));
    // Sums of some hundred terms, each rounded to 1e-16; stored with 15 digits.
    const double wanted = std::stod(cell[5]);
    EXPECT_NEAR(value_of(cell[0], sample), wanted, 1e-13 * (1 + std::abs(wanted)))
        << cell[0] << ", width " << cell[1];
    seen.insert(cell[0]);
  }
  for (const Info& info : metric_infos()) EXPECT_TRUE(seen.contains(std::string(info.name))) << info.name;
}

}  // namespace
}  // namespace basin::metrics
