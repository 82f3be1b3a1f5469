#include "basin/study/design.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "basin/core/error.hpp"
#include "basin/rules/catalogue.hpp"

namespace basin::study {
namespace {

// "adam lr=0.001 64 default: base"
std::string text_of(const Trial& trial) {
  std::string out = trial.config.optimizer;
  for (const auto& [name, value] : trial.config.knobs) out += " " + name + "=" + basin::text_of(value);
  return out + " " + std::to_string(trial.config.batch_size) + " " + trial.config.init + ": " + trial.factor;
}

std::vector<std::string> texts(const Arms& arms, std::string_view design) {
  std::vector<std::string> out;
  for (const Trial& trial : make_trials(arms, design, 1)) out.push_back(text_of(trial));
  return out;
}

std::string error_of(const Arms& arms, std::string_view design = "ofat", int replicates = 1) {
  try {
    make_trials(arms, design, replicates);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

using Texts = std::vector<std::string>;

TEST(StudyDesign, WithoutRatesEachRuleHasItsOwn) {
  const auto trials = make_trials({.optimizers = {"sgd", "adam"}}, "ofat", 1);
  ASSERT_EQ(trials.size(), 2u);
  for (const Trial& trial : trials)
    EXPECT_EQ(trial.config.knobs.at("lr"), find_rule(trial.config.optimizer).knobs.front().initial);
  EXPECT_EQ(trials[1].config.batch_size, 64);
  EXPECT_EQ(trials[1].config.init, "default");
}

TEST(StudyDesign, OneFactorAtATimeVariesTheBase) {
  const Arms arms{.optimizers = {"sgd", "adam"},
                  .lr = {0.1, 0.2},
                  .batch_sizes = {64, 32},
                  .words = {{"init", {"default", "he_normal"}}},
                  .knobs = {{"adam", "beta2", {0.9, 0.8}}}};
  EXPECT_EQ(texts(arms, "ofat"),
            (Texts{"sgd lr=0.1 64 default: base", "adam beta2=0.9 lr=0.1 64 default: base",
                   "sgd lr=0.2 64 default: lr", "adam beta2=0.9 lr=0.2 64 default: lr",
                   "sgd lr=0.1 32 default: batch_size", "adam beta2=0.9 lr=0.1 32 default: batch_size",
                   "sgd lr=0.1 64 he_normal: init", "adam beta2=0.9 lr=0.1 64 he_normal: init",
                   "adam beta2=0.8 lr=0.1 64 default: adam.beta2"}));
}

TEST(StudyDesign, AGridHasAllCombinationsTheBaseFirst) {
  const Arms arms{.optimizers = {"adam"},
                  .lr = {0.1, 0.2},
                  .batch_sizes = {64, 32},
                  .knobs = {{"adam", "beta2", {0.9, 0.8}}}};
  EXPECT_EQ(texts(arms, "grid"),
            (Texts{"adam beta2=0.9 lr=0.1 64 default: grid", "adam beta2=0.8 lr=0.1 64 default: grid",
                   "adam beta2=0.9 lr=0.1 32 default: grid", "adam beta2=0.8 lr=0.1 32 default: grid",
                   "adam beta2=0.9 lr=0.2 64 default: grid", "adam beta2=0.8 lr=0.2 64 default: grid",
                   "adam beta2=0.9 lr=0.2 32 default: grid", "adam beta2=0.8 lr=0.2 32 default: grid"}));
}

TEST(StudyDesign, ReplicatesComeOneAfterTheOther) {
  const auto trials = make_trials({.optimizers = {"sgd", "adam"}, .lr = {0.1, 0.2}}, "ofat", 3);
  ASSERT_EQ(trials.size(), 12u);
  for (int i = 0; i < 12; ++i) {
    const Trial& trial = trials[static_cast<std::size_t>(i)];
    EXPECT_EQ(trial.number, i);
    EXPECT_EQ(trial.replicate, i / 4);
    EXPECT_EQ(trial.config, trials[static_cast<std::size_t>(i % 4)].config);
  }
}

TEST(StudyDesign, ValuesCountOnce) {
  const Arms arms{.optimizers = {"adam", "adam"},
                  .lr = {0.1, 0.1},
                  .batch_sizes = {64, 64},
                  .words = {{"init", {"default", "default"}}},
                  .knobs = {{"adam", "beta2", {0.9}}, {"adam", "beta2", {0.9, 0.8}}}};
  EXPECT_EQ(texts(arms, "ofat"), (Texts{"adam beta2=0.9 lr=0.1 64 default: base",
                                        "adam beta2=0.8 lr=0.1 64 default: adam.beta2"}));
  EXPECT_EQ(texts(arms, "grid").size(), 2u);
}

TEST(StudyDesign, AnOptimizersOwnRatesReplaceTheCommonOnes) {
  const Arms arms{.optimizers = {"sgd", "adam"}, .lr = {0.1}, .knobs = {{"adam", "lr", {0.001, 0.002}}}};
  EXPECT_EQ(texts(arms, "ofat"), (Texts{"sgd lr=0.1 64 default: base", "adam lr=0.001 64 default: base",
                                        "adam lr=0.002 64 default: lr"}));
}

TEST(StudyDesign, RefusesWhatCannotBe) {
  EXPECT_EQ(error_of({.optimizers = {"adma"}}), "unknown optimizer 'adma'; did you mean 'adam'?");
  EXPECT_EQ(error_of({.optimizers = {}}), "no value for optimizers; at least one is needed");
  EXPECT_EQ(error_of({.optimizers = {"adam"}, .words = {{"init", {}}}}),
            "no value for init; at least one is needed");
  EXPECT_EQ(error_of({.optimizers = {"adam"}, .batch_sizes = {0}}), "batch_size = 0; it must be 1 or more");
  EXPECT_EQ(error_of({.optimizers = {"adam"}, .lr = {-1}}),
            "adam: lr = -1 is outside its range; it must be 0 or more, and finite");
  EXPECT_EQ(error_of({.optimizers = {"adam"}, .lr = {NAN}}),
            "adam: lr = nan is outside its range; it must be 0 or more, and finite");
  EXPECT_EQ(error_of({.optimizers = {"adam"}, .knobs = {{"adam", "beta3", {0.9}}}}),
            "adam: unknown knob 'beta3'; did you mean 'beta1'?");
  EXPECT_EQ(error_of({.optimizers = {"adam"}, .knobs = {{"adam", "beta2", {}}}}),
            "no value for adam.beta2; at least one is needed");
  EXPECT_EQ(error_of({.optimizers = {"adam", "adamw"}, .knobs = {{"sgd", "lr", {1}}}}),
            "sgd.lr: sgd is not among the optimizers, adam and adamw");
  EXPECT_EQ(error_of({.optimizers = {"adam"}}, "oaft"), "unknown design 'oaft'; did you mean 'ofat'?");
  EXPECT_EQ(error_of({.optimizers = {"adam"}}, "ofat", 0), "replicates = 0; it must be 1 or more");
}

TEST(StudyDesign, RefusesMoreTrialsThanAMemoryHolds) {
  Arms arms{.optimizers = {"adam"}, .lr = {}, .batch_sizes = {}};
  for (int i = 1; i <= 1000; ++i) arms.lr.push_back(i * 1e-4), arms.batch_sizes.push_back(i);
  arms.knobs = {{"adam", "eps", arms.lr}};
  const std::string refusal = "more than 1000000 trials; take fewer values, or fewer seeds";
  EXPECT_EQ(error_of(arms, "grid"), refusal);
  EXPECT_EQ(error_of(arms, "ofat", 10000), refusal);
  EXPECT_EQ(error_of(arms, "ofat", 1), "no error");
}

}  // namespace
}  // namespace basin::study
