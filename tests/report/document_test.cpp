// The study document: what docs/formats.md promises, for a study of two optimizers with every state.
#include "basin/report/document.hpp"

#include <gtest/gtest.h>

#include "basin/study/problem_info.hpp"

namespace basin::report {
namespace {

using study::State;

study::StoredTrial trial(int number, study::Configuration config, int replicate, State state,
                         double accuracy) {
  study::StoredTrial out;
  out.trial = {.number = number, .config = std::move(config), .replicate = replicate};
  out.result.state = state;
  if (state == State::complete) {
    out.result.best_epoch = 1;
    out.result.validation["accuracy"] = accuracy;
    out.result.validation["loss"] = 1 - accuracy;
    out.curve = {{.epoch = 1,
                  .seconds = 2,
                  .lr = 0.1,
                  .validation = {{"loss", 1 - accuracy}, {"accuracy", accuracy}}}};
  }
  return out;
}

study::Configuration adam(double beta2) { return {"adam", {{"lr", 0.001}, {"beta2", beta2}}, 64, "default"}; }
study::Configuration sgd(std::int64_t batch_size) { return {"sgd", {{"lr", 0.1}}, batch_size, "he_normal"}; }

std::vector<study::StoredTrial> trials() {
  return {trial(0, adam(0.99), 0, State::complete, 0.80), trial(1, sgd(64), 0, State::complete, 0.90),
          trial(2, adam(0.999), 0, State::diverged, 0),   trial(3, sgd(128), 0, State::failed, 0),
          trial(4, adam(0.99), 1, State::complete, 0.84), trial(5, sgd(64), 1, State::complete, 0.90)};
}

study::Study study_of() {
  const study::ProblemInfo info{
      {.name = "p", .summary = "s", .data = "mnist", .layers = "flatten", .target = 0.82},
      100,
      5000,
      1000,
      2000};
  return {.name = "p-1",
          .settings =
              {.problem = "p", .seed = 7, .epochs = 3, .train_size = 400, .plateau = study::Plateau{0.5, 2}},
          .trials = {},
          .design = "ofat",
          .command = "basin compare p",
          .created = "2026-01-31T12:00:00Z",
          .environment = R"({"cores": 2})",
          .problem = nlohmann::json(info).dump()};
}

TEST(StudyDocument, SaysWhatTheStudyIs) {
  const Document d = study_document(study_of(), trials());
  EXPECT_EQ(d["format"], "basin-study");
  EXPECT_EQ(d["version"], 2);
  EXPECT_EQ(d["study"]["state"], "complete");
  EXPECT_EQ(d["study"]["replicates"], 2);
  EXPECT_EQ(d["study"]["patience"], nullptr);
  EXPECT_EQ(d["study"]["plateau"], (Document{{"factor", 0.5}, {"patience", 2}, {"dialect", "keras"}}));
  EXPECT_EQ(d["study"]["problem"]["train_size"], 400);
  EXPECT_EQ(d["study"]["problem"]["validation_size"], 1000);
  EXPECT_EQ(d["environment"]["cores"], 2);
}

TEST(StudyDocument, FactorsAreWhatVariesWithinAnOptimizer) {
  const Document factors = study_document(study_of(), trials())["study"]["factors"];
  EXPECT_EQ(factors, (Document{{{"name", "adam.beta2"}, {"scale", "linear"}},
                               {{"name", "batch_size"}, {"scale", "log"}}}))
      << factors << ": the learning rate and the initializer differ between the optimizers alone";
}

TEST(StudyDocument, TrialsKeepTheirNumbersAndNullIsNotKnown) {
  const Document d = study_document(study_of(), trials());
  ASSERT_EQ(d["trials"].size(), 6u);
  EXPECT_EQ(d["trials"][0]["config"], (Document{{"lr", 0.001},
                                                {"batch_size", 64},
                                                {"init", "default"},
                                                {"schedule", "constant"},
                                                {"regularize", "none"},
                                                {"augment", "none"},
                                                {"normalize", "on"},
                                                {"groups", "none"},
                                                {"adam.beta2", 0.99}}));
  EXPECT_EQ(d["trials"][2]["state"], "diverged");
  EXPECT_EQ(d["trials"][2]["validation_accuracy"], nullptr);
  EXPECT_EQ(d["trials"][2]["curve"]["epoch"].size(), 0u);
  EXPECT_EQ(d["trials"][0]["curve"]["train_loss"], Document::array({nullptr}));
  EXPECT_EQ(d["trials"][0]["curve"]["validation_accuracy"], Document::array({0.80}));
}

TEST(StudyDocument, RankingIsBestFirst) {
  const Document ranking = study_document(study_of(), trials())["ranking"];
  ASSERT_EQ(ranking.size(), 2u);
  EXPECT_EQ(ranking[0]["optimizer"], "sgd");
  EXPECT_EQ(ranking[0]["trials"], Document::array({1, 5}));
  EXPECT_EQ(ranking[0]["failed"], 1);
  EXPECT_EQ(ranking[1]["diverged"], 1);
  EXPECT_DOUBLE_EQ(ranking[1]["validation_accuracy"]["mean"].get<double>(), 0.82);
  EXPECT_EQ(ranking[1]["epochs_to_target"]["n"], 1) << "0.80 does not reach 0.82, 0.84 does";
  EXPECT_EQ(ranking[0]["test_accuracy"], nullptr) << "nothing was tested";
}

TEST(StudyDocument, StateFollowsFromTheTrials) {
  auto some = trials();
  some[5].result.state = State::waiting;
  EXPECT_EQ(study_document(study_of(), some)["study"]["state"], "interrupted");
  some[4].result.state = State::running;
  EXPECT_EQ(study_document(study_of(), some)["study"]["state"], "running");
}

TEST(StudyDocument, ARegressionIsRankedByItsErrorAndSmallIsGood) {
  study::ProblemInfo info{
      {.name = "houses", .loss = "mse", .metric = "rmse", .metrics = {"r2"}, .unit = "dollars"}};
  info.problem.source =
      data::Source{.kind = "table", .file = "/h.csv", .predict = {"price"}, .targets = "values"};
  study::Study study = study_of();
  study.problem = nlohmann::json(info).dump();
  std::vector<study::StoredTrial> both{trial(0, adam(0.9), 0, State::complete, 0),
                                       trial(1, sgd(64), 0, State::complete, 0)};
  for (study::StoredTrial& stored : both) {
    const double rmse = stored.trial.number == 0 ? 50'000 : 60'000;
    stored.result.validation = {{"loss", 0.5}, {"rmse", rmse}, {"r2", 0.75}};
    stored.curve.front().validation = stored.result.validation;
    stored.test = Score{{"loss", 0.5}, {"rmse", rmse + 1}, {"r2", 0.7}};
  }
  const Document d = study_document(study, both);
  EXPECT_EQ(d["version"], 2);
  EXPECT_EQ(d["ranking"][0]["optimizer"], "adam") << "the smaller error";
  EXPECT_EQ(d["ranking"][0]["validation_rmse"]["mean"], 50'000.0);
  EXPECT_EQ(d["ranking"][0]["test_rmse"]["mean"], 50'001.0);
  EXPECT_EQ(d["trials"][1]["curve"]["validation_r2"][0], 0.75);
  EXPECT_EQ(d.dump().find("accuracy"), std::string::npos) << "nothing speaks of what values do not have";
}

}  // namespace
}  // namespace basin::report
