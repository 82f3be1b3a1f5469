#include "basin/study/ranking.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

StoredTrial trial(int number, const std::string& optimizer, double lr, int replicate, double accuracy,
                  State state = State::complete) {
  StoredTrial out;
  out.trial = {
      .number = number, .config = {.optimizer = optimizer, .knobs = {{"lr", lr}}}, .replicate = replicate};
  out.result = {.state = state,
                .best_epoch = 2,
                .validation = {{"loss", 1 - accuracy}, {"accuracy", accuracy}},
                .state_bytes = 8,
                .optimizer_ms = 0.1 * number};
  out.curve = {
      {.epoch = 1, .seconds = 10, .validation = {{"loss", 1.5 - accuracy}, {"accuracy", accuracy - 0.5}}},
      {.epoch = 2, .seconds = 20, .validation = {{"loss", 1 - accuracy}, {"accuracy", accuracy}}}};
  return out;
}

using Names = std::vector<std::string>;

Names names(const std::vector<RankingRow>& rows) {
  Names out;
  for (const RankingRow& row : rows) out.push_back(row.optimizer);
  return out;
}

TEST(StudySummary, IsNumPys) {
  const Summary s = summarize({4, 1, 3, 2});
  EXPECT_DOUBLE_EQ(s.mean, 2.5);
  EXPECT_DOUBLE_EQ(s.sd, std::sqrt(5.0 / 3));
  EXPECT_DOUBLE_EQ(s.median, 2.5);
  EXPECT_DOUBLE_EQ(s.low, 1.75);  // numpy.percentile([1, 2, 3, 4], 25)
  EXPECT_DOUBLE_EQ(s.high, 3.25);
  EXPECT_EQ(s.n, 4);
}

TEST(StudySummary, OfOneAndOfNone) {
  const Summary one = summarize({NAN, 0.5, HUGE_VAL});
  EXPECT_EQ(one.mean, 0.5);
  EXPECT_TRUE(std::isnan(one.sd));
  EXPECT_EQ(one.low, 0.5);
  EXPECT_EQ(one.high, 0.5);
  EXPECT_EQ(one.n, 1);
  EXPECT_EQ(summarize({NAN}).n, 0);
  EXPECT_TRUE(std::isnan(summarize({}).median));
}

TEST(StudyRanking, SelectsByTheMeanOverReplicates) {
  const auto rows =
      rank({trial(0, "sgd", 0.1, 0, 0.5), trial(1, "adam", 0.1, 0, 0.9), trial(2, "adam", 0.2, 0, 0.7),
            trial(3, "sgd", 0.1, 1, 0.6), trial(4, "adam", 0.1, 1, 0.3), trial(5, "adam", 0.2, 1, 0.7)},
           by_accuracy, 0.65);
  ASSERT_EQ(names(rows), (Names{"adam", "sgd"}));
  EXPECT_EQ(rows[0].rank, 1);
  EXPECT_EQ(rows[1].rank, 2);
  EXPECT_EQ(rows[0].config.knobs.at("lr"), 0.2);
  EXPECT_EQ(rows[0].trials, (std::vector{2, 5}));
  EXPECT_DOUBLE_EQ(rows[0].validation.at("accuracy").mean, 0.7);
  EXPECT_DOUBLE_EQ(rows[0].validation.at("loss").mean, 0.3);
  EXPECT_EQ(rows[0].configurations, 2);
  EXPECT_EQ(rows[0].finished, 4);
  EXPECT_EQ(rows[0].state_bytes, 8);
  EXPECT_DOUBLE_EQ(rows[0].optimizer_ms, 0.35);
  EXPECT_EQ(rows[0].test.at("accuracy").n, 0);
}

TEST(StudyRanking, TimeToTargetCountsThoseThatReachedIt) {
  const std::vector trials{trial(0, "sgd", 0.1, 0, 0.9), trial(1, "sgd", 0.1, 1, 0.6)};
  const RankingRow row = rank(trials, by_accuracy, 0.9).front();
  EXPECT_EQ(row.epochs_to_target.n, 1);
  EXPECT_EQ(row.epochs_to_target.mean, 2);
  EXPECT_EQ(row.seconds_to_target.mean, 20);
  EXPECT_EQ(rank(trials, by_accuracy, 0.4).front().epochs_to_target.mean, 1.5);
  EXPECT_EQ(rank(trials, by_accuracy, 0).front().epochs_to_target.n, 0) << "0 is no target";
  EXPECT_EQ(rank(trials, by_loss, 0.6).front().epochs_to_target.mean, 1.5) << "a loss reaches it from above";
}

TEST(StudyRanking, DivergedAndFailedAreWorseThanAny) {
  const auto rows = rank({trial(0, "adam", 0.1, 0, 0.99), trial(1, "adam", 0.1, 1, NAN, State::diverged),
                          trial(2, "adam", 0.2, 0, 0.1), trial(3, "adam", 0.2, 1, 0.1),
                          trial(4, "sgd", 0.1, 0, NAN, State::failed), trial(5, "sgd", 0.1, 1, 0.99)},
                         by_accuracy, 0);
  ASSERT_EQ(names(rows), (Names{"adam", "sgd"}));
  EXPECT_EQ(rows[0].config.knobs.at("lr"), 0.2);
  EXPECT_EQ(rows[0].finished, 3);
  EXPECT_EQ(rows[0].diverged, 1);
  EXPECT_EQ(rows[1].failed, 1);
  EXPECT_EQ(rows[1].validation.at("accuracy").n, 1);
}

TEST(StudyRanking, TheEarlierWinsATie) {
  const auto rows =
      rank({trial(0, "sgd", 0.1, 0, 0.5), trial(1, "adam", 0.1, 0, 0.5), trial(2, "sgd", 0.2, 0, 0.5)},
           by_accuracy, 0);
  EXPECT_EQ(names(rows), (Names{"sgd", "adam"}));
  EXPECT_EQ(rows[0].config.knobs.at("lr"), 0.1);
}

TEST(StudyRanking, ASmallerLossIsBetter) {
  std::vector trials{trial(0, "sgd", 0.1, 0, 0.9), trial(1, "adam", 0.1, 0, 0.5)};
  trials[0].result.validation["loss"] = 2;
  EXPECT_EQ(names(rank(trials, by_loss, 0)), (Names{"adam", "sgd"}));
  EXPECT_EQ(names(rank(trials, by_accuracy, 0)), (Names{"sgd", "adam"}));
}

TEST(StudyRanking, WhatHasNotEndedStandsLast) {
  const auto rows =
      rank({trial(0, "sgd", 0.1, 0, 0.9, State::waiting), trial(1, "adam", 0.1, 0, NAN, State::diverged),
            trial(2, "adam", 0.2, 0, 0.9, State::running)},
           by_accuracy, 0);
  EXPECT_EQ(names(rows), (Names{"adam", "sgd"}));
  EXPECT_EQ(rows[0].config.knobs.at("lr"), 0.1);
  EXPECT_EQ(rows[1].trials, std::vector{0});
  EXPECT_EQ(rows[1].finished, 0);
  EXPECT_TRUE(rank({}, by_accuracy, 0).empty());
}

TEST(StudyRanking, TestsAreForTheSelectedThatWereNotTested) {
  std::vector trials{trial(0, "sgd", 0.1, 0, 0.5),   trial(1, "adam", 0.1, 0, 0.9),
                     trial(2, "adam", 0.2, 0, 0.95), trial(3, "sgd", 0.1, 1, 0.6),
                     trial(4, "adam", 0.1, 1, 0.9),  trial(5, "adam", 0.2, 1, 0.95)};
  EXPECT_EQ(to_be_tested(trials, by_accuracy), (std::vector{0, 2, 3, 5}));
  trials[2].test = TestResult{{"loss", 0.1}, {"accuracy", 0.8}};
  EXPECT_EQ(to_be_tested(trials, by_accuracy), (std::vector{0, 3, 5}));
  EXPECT_EQ(rank(trials, by_accuracy, 0)[0].test.at("accuracy").mean, 0.8);
  EXPECT_EQ(rank(trials, by_accuracy, 0)[0].test.at("accuracy").n, 1);
}

}  // namespace
}  // namespace basin::study
