// What the document says of a search, for made-up searches of known shape.
#include "basin/report/search_report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "basin/core/philox.hpp"
#include "basin/report/document.hpp"
#include "basin/study/problem_info.hpp"

namespace basin::report {
namespace {

using study::State;

constexpr double lost = -std::numeric_limits<double>::infinity();

search::Parameter rate() { return {.name = "lr", .low = 1e-5, .high = 1, .scale = Scale::log}; }
search::Parameter beta() {
  return {.name = "adam.beta1", .low = 0.5, .high = 0.999, .scale = Scale::complement_log};
}

// 100 trials whose worth is decided by the rate, best at 0.01.
SearchResults by_rate() {
  SearchResults out{.space = {{beta(), rate()}}, .points = {}, .worths = {}};
  Stream random(1, 0, "points");
  for (int i = 0; i < 100; ++i) {
    const double exponent = -5 * random.uniform();
    out.points.push_back({0.5 + 0.499 * random.uniform(), std::pow(10, exponent)});
    out.worths.push_back(-std::abs(exponent + 2));
  }
  return out;
}

TEST(SearchReport, RanksParametersByImportance) {
  const auto found = importance_of(by_rate());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "lr");
  EXPECT_GT(found[0].value, 0.7);
  EXPECT_DOUBLE_EQ(found[0].value + found[1].value, 1);
  SearchResults few = by_rate();
  few.points.resize(19), few.worths.resize(19);
  EXPECT_TRUE(importance_of(few).empty());
}

TEST(SearchReport, ExpectsTheBestOfNTrials) {
  SearchResults results{.space = {{rate()}},
                        .points = std::vector<search::Point>(5, {0.1}),
                        .worths = {0.4, lost, 0.8, 0.35, 0.6}};
  const auto found = expected_best_of(results, 0.1, 1);
  ASSERT_EQ(found.size(), 5u);
  EXPECT_NEAR(found[0].value, 0.45, 1e-12) << "the mean, with 0.1 for the lost one";
  EXPECT_NEAR(found[4].value, 0.71832, 1e-12) << "Dodge et al. 2019, eq. 4";
  EXPECT_LE(found[0].low, found[0].value);
  EXPECT_GE(found[0].high, found[0].value);
  EXPECT_TRUE(expected_best_of({.space = {}, .points = {}, .worths = {}}, 0, 1).empty());

  results.worths.assign(1000, 0.5);
  const auto many = expected_best_of(results, 0, 1);
  EXPECT_LE(many.size(), 51u);
  EXPECT_EQ(many.front().n, 1);
  EXPECT_EQ(many.back().n, 1000);
  for (std::size_t i = 1; i < many.size(); ++i) EXPECT_LT(many[i - 1].n, many[i].n);
}

TEST(SearchReport, FindsWhatLiesOnABorder) {
  SearchResults results{
      .space = {{rate(), beta()}}, .points = {{0.01, 0.9}, {0.9, 0.52}}, .worths = {0.5, 0.9}};
  const auto found = borders_of(results);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "lr");
  EXPECT_EQ(found[0].end, "high");
  EXPECT_EQ(found[0].value, 0.9);
  EXPECT_EQ(found[1].end, "low");
  results.worths = {0.9, 0.5};
  EXPECT_TRUE(borders_of(results).empty());
  results.worths = {lost, lost};
  EXPECT_TRUE(borders_of(results).empty());
}

// A study of one arm, which ranks by a metric and has searched four trials and run two finalists.
class SearchOfAStudy : public testing::Test {
 protected:
  void SetUp() override { make("accuracy"); }

  void make(const std::string& metric) {
    Problem problem{.name = "p", .summary = "s", .data = "mnist", .layers = "flatten"};
    problem.metric = metric;
    study_.problem = nlohmann::json(study::ProblemInfo{problem, 100, 5000, 1000, 2000}).dump();
    study_.environment = "{}";
    study_.search = study::Search{.sampler = "tpe",
                                  .pruner = "median",
                                  .trials = 4,
                                  .finalists = 2,
                                  .arms = {{.space = {{rate()}}, .variants = {{.config = at(0.001)}}}}};
    trials_.clear();
    add("default", at(0.001), State::complete, metric, 0.4);
    add("search", at(0.01), State::complete, metric, 0.8);
    add("search", at(0.1), State::pruned, metric, 0.6);
    add("search", at(1), State::diverged, metric, 0);
    add("base", at(0.01), State::complete, metric, 0.99);
    add("base", at(0.01), State::running, metric, 0);
  }
  static study::Configuration at(double lr) { return {"adam", {{"lr", lr}}, 64}; }
  void add(const char* factor, study::Configuration config, State state, const std::string& metric,
           double value) {
    study::StoredTrial& stored = trials_.emplace_back();
    stored.trial = {
        .number = static_cast<int>(trials_.size()) - 1, .config = std::move(config), .factor = factor};
    stored.result.state = state;
    if (value > 0) stored.result.validation[metric] = value;
    stored.started = 100.0 + stored.trial.number;
    stored.ended = 101.5 + stored.trial.number;
  }
  study::Study study_;
  std::vector<study::StoredTrial> trials_;
};

TEST_F(SearchOfAStudy, CountsTheTrialsOfTheSearchOnly) {
  const auto report = search_report(study_, trials_);
  ASSERT_TRUE(report);
  const auto& expected = report->expected_best.at("adam");
  ASSERT_EQ(expected.size(), 4u);
  EXPECT_NEAR(expected[0].value, (0.4 + 0.8 + 0.6 + 0.4) / 4, 1e-12)
      << "the diverged one counts as the worst";
  EXPECT_NEAR(report->winners_curse, 1.029, 1e-3) << "of four";
  EXPECT_TRUE(report->importance.at("adam").empty());
  EXPECT_TRUE(report->borders.at("adam").empty());
  EXPECT_EQ(report->space.at("adam").parameters.at(0).name, "lr");
}

TEST_F(SearchOfAStudy, HasValuesWithTheSignOfTheMetric) {
  make("rmse");
  const auto report = search_report(study_, trials_);
  const auto& expected = report->expected_best.at("adam");
  EXPECT_NEAR(expected[0].value, (0.4 + 0.8 + 0.6 + 0.8) / 4, 1e-12) << "0.8 is the worst";
  EXPECT_LT(expected[3].value, expected[0].value);
  EXPECT_LE(expected[1].low, expected[1].value);
  EXPECT_GE(expected[1].high, expected[1].value);
}

TEST_F(SearchOfAStudy, IsInTheDocument) {
  const Document d = study_document(study_, trials_);
  EXPECT_EQ(d["search"]["sampler"], "tpe");
  EXPECT_EQ(d["search"]["trials_per_optimizer"], 4);
  EXPECT_EQ(d["search"]["space"]["adam"]["parameters"][0]["scale"], "log");
  EXPECT_EQ(d["search"]["expected_best"]["adam"][3]["n"], 4);
  EXPECT_EQ(d["trials"][1]["stage"], "search");
  EXPECT_EQ(d["trials"][4]["stage"], "final");
  EXPECT_EQ(d["trials"][2]["state"], "pruned");
  EXPECT_EQ(d["trials"][2]["started"], 102.0);
  EXPECT_EQ(d["trials"][2]["ended"], 103.5);
  EXPECT_EQ(d["ranking"][0]["pruned"], 1);
}

TEST_F(SearchOfAStudy, IsNotThereWithoutASearch) {
  study_.search.reset();
  EXPECT_FALSE(search_report(study_, trials_));
  const Document d = study_document(study_, trials_);
  EXPECT_FALSE(d.contains("search"));
  EXPECT_FALSE(d["trials"][0].contains("stage"));
}

}  // namespace
}  // namespace basin::report
