// The ranking table: fits in 100 columns, with and without spread, and says what is unknown.
#include "cli/ranking_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/text_table.hpp"

namespace basin::cli {
namespace {

study::Summary summary(double mean, double sd, int n) { return {.mean = mean, .sd = sd, .n = n}; }

study::RankingRow row(int rank, const study::Configuration& config) {
  study::RankingRow out;
  out.rank = rank;
  out.optimizer = config.optimizer;
  out.config = config;
  out.trials = {0, 1, 2};
  out.finished = 15;
  return out;
}

std::vector<study::StoredTrial> trials_of(const std::vector<study::RankingRow>& rows) {
  std::vector<study::StoredTrial> out;
  for (const study::RankingRow& r : rows) out.emplace_back().trial.config = r.config;
  return out;
}

TEST(CliRankingTable, OneSeed) {
  auto adam = row(1, {"adam", {{"lr", 0.001}}, 64, "default"}),
       sgd = row(2, {"sgd", {{"lr", 0.1}}, 64, "default"});
  adam.validation["accuracy"] = summary(0.8912, study::not_known, 1);
  adam.test["accuracy"] = summary(0.8853, study::not_known, 1);
  adam.trials = {0};
  adam.epochs_to_target = summary(2, study::not_known, 1);
  adam.seconds_to_target = summary(14.2, study::not_known, 1);
  adam.finished = 1;
  adam.state_bytes = 1655376;
  adam.optimizer_ms = 0.1234;
  sgd.finished = 0;
  sgd.diverged = 1;
  const auto rows = std::vector{adam, sgd};
  EXPECT_EQ(ranking_table(rows, trials_of(rows), "accuracy"),
            "#  optimizer  configuration  val acc %  test acc %     to target  div.   state  ms/step\n"
            "───────────────────────────────────────────────────────────────────────────────────────\n"
            "1  adam       lr 0.001           89.12       88.53  2.0 ep, 14 s   0/1  1.7 MB    0.123\n"
            "2  sgd        lr 0.1               n/a         n/a            no   1/1     0 B      n/a\n");
  EXPECT_EQ(shared_settings(trials_of(rows)), "batch 64, init default");
}

TEST(CliRankingTable, FitsAHundredColumnsWithEverythingInIt) {
  auto wide = row(1, {"schedule-free",
                      {{"lr", 0.001}, {"beta1", 0.95}, {"beta2", 0.999}, {"weight_decay", 0.01}},
                      1024,
                      "glorot_uniform"});
  wide.validation["accuracy"] = wide.test["accuracy"] = summary(0.8912, 0.0123, 3);
  wide.epochs_to_target = summary(12.5, 1, 2);
  wide.seconds_to_target = summary(754, 1, 2);
  wide.state_bytes = 999'400;
  wide.optimizer_ms = 12.345;
  auto other = row(2, {"sgd", {{"lr", 0.1}}, 64, "default"});
  const auto rows = std::vector{wide, other};
  const std::string table = ranking_table(rows, trials_of(rows), "accuracy");
  EXPECT_NE(table.find("89.12 ±1.23"), std::string::npos);
  EXPECT_NE(table.find("12.5 ep, 12:34"), std::string::npos) << table;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), 100u) << line;
  for (const char* part : {"lr 0.001", "batch 1024", "glorot_uniform", "beta1 0.95", "beta2 0.999",
                           "weight_decay 0.01", "2 of 3"})
    EXPECT_NE(table.find(part), std::string::npos) << part;
  EXPECT_EQ(shared_settings(trials_of(rows)), "");
}

TEST(CliRankingTable, ALossIsNoPercentage) {
  auto adam = row(1, {"adam", {{"lr", 0.001}}, 64, "default"});
  adam.validation["loss"] = summary(0.123456, 0.00123, 3);
  const std::string table = ranking_table({adam}, trials_of({adam}), "loss");
  EXPECT_NE(table.find("val loss"), std::string::npos);
  EXPECT_NE(table.find("0.1235 ±0.0012"), std::string::npos) << table;
}

}  // namespace
}  // namespace basin::cli
