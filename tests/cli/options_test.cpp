// From the typed options to their meaning, and back to the command line that repeats them.
#include "cli/options.hpp"

#include <gtest/gtest.h>

#include <set>

#include "basin/core/error.hpp"
#include "basin/rules/catalogue.hpp"
#include "cli/command_line.hpp"

namespace basin::cli {
namespace {

// The options of `basin compare --optimizers sgd,adam`, and more.
Given typed(Given more = {}) {
  more.insert({"optimizers", {"sgd, adam"}});
  return more;
}
study::Arms arms_of(const Given& given) { return asked("compare", given).request.arms; }

TEST(CliOptions, DefaultsAreThoseOfTheHelp) {
  const Asked a = asked("compare", typed());
  const app::Request& r = a.request;
  EXPECT_EQ(r.problem, "fmnist-cnn");
  EXPECT_EQ(r.arms.optimizers, (std::vector<std::string>{"sgd", "adam"}));
  EXPECT_TRUE(r.arms.lr.empty()) << "each optimizer's own";
  EXPECT_TRUE(r.arms.batch_sizes.empty()) << "the problem's own";
  EXPECT_EQ(r.arms.words.at("init"), std::vector<std::string>{"default"});
  EXPECT_FALSE(r.jobs || r.settings.patience || r.settings.plateau || r.out);
  EXPECT_EQ(r.settings.epochs, 0) << "the problem's own";
  EXPECT_EQ(r.settings.train_size, 0) << "the problem's own";
  EXPECT_EQ(r.seeds, 1);
  EXPECT_EQ(r.checkpoint_every, 30);
  EXPECT_EQ(r.stalled_after, 1800);
  EXPECT_FALSE(r.resume || a.dry_run || a.json);
}

TEST(CliOptions, ComparingSearchesTheRateUnlessItIsGiven) {
  const app::Request searched = asked("compare", typed()).request;
  ASSERT_TRUE(searched.search);
  EXPECT_TRUE(searched.search->rates);
  EXPECT_EQ(searched.search->trials, 5);
  EXPECT_EQ(searched.search->finalists, 3);
  EXPECT_EQ(asked("compare", typed({{"seeds", {"7"}}})).request.search->finalists, 7);
  EXPECT_FALSE(asked("compare", typed({{"lr", {"default"}}})).request.search);
  EXPECT_TRUE(asked("compare", typed({{"lr", {"default"}}})).request.arms.lr.empty());
  EXPECT_FALSE(asked("compare", typed({{"lr", {"0.1"}}})).request.search);
  EXPECT_FALSE(asked("compare", typed({{"set", {"adam.lr=0.1"}}})).request.search);
  EXPECT_FALSE(asked("train", {}).request.search);
}

TEST(CliOptions, WhatASearchVariesArrives) {
  const app::Request r = asked("tune", typed({{"search", {"adam.lr=1e-5..1e-1", "batch_size=32,64"}},
                                              {"sampler", {"random"}},
                                              {"trials", {"7"}},
                                              {"finalists", {"0"}},
                                              {"lag", {"4"}}}))
                             .request;
  ASSERT_TRUE(r.search);
  EXPECT_EQ(r.search->spaces, (std::vector<std::string>{"adam.lr=1e-5..1e-1", "batch_size=32,64"}));
  EXPECT_EQ(r.search->sampler, "random");
  EXPECT_EQ(r.search->trials, 7);
  EXPECT_EQ(r.search->finalists, 0);
  EXPECT_EQ(r.search->lag, 4);
  EXPECT_FALSE(r.search->rates);
  EXPECT_EQ(r.command,
            "basin tune fmnist-cnn --optimizers 'sgd, adam' --search adam.lr=1e-5..1e-1 --search "
            "batch_size=32,64 --trials 7 --sampler random --finalists 0 --lag 4");
}

TEST(CliOptions, EveryOptionArrives) {
  const Asked a = asked("compare", typed({{"lr", {"0.1,1e-3"}},
                                          {"batch-size", {"32,64"}},
                                          {"init", {"he_normal,default"}},
                                          {"set", {"adam.beta2=0.99,0.999", "adam.lr=0.5"}},
                                          {"design", {"grid"}},
                                          {"epochs", {"4"}},
                                          {"train-size", {"1000"}},
                                          {"patience", {"3"}},
                                          {"plateau", {"0.5,2"}},
                                          {"jobs", {"2"}},
                                          {"threads", {"3"}},
                                          {"seed", {"9"}},
                                          {"seeds", {"7"}},
                                          {"checkpoint-every", {"0.5"}},
                                          {"stalled-after", {"0"}},
                                          {"out", {"o"}},
                                          {"worker", {"w"}},
                                          {"data-dir", {"d"}},
                                          {"resume", {}},
                                          {"dry-run", {}},
                                          {"json", {}}}));
  const app::Request& r = a.request;
  EXPECT_EQ(r.arms.lr, (std::vector{0.1, 1e-3}));
  EXPECT_EQ(r.arms.batch_sizes, (std::vector<std::int64_t>{32, 64}));
  EXPECT_EQ(r.arms.words.at("init"), (std::vector<std::string>{"he_normal", "default"}));
  ASSERT_EQ(r.arms.knobs.size(), 2u);
  EXPECT_EQ(r.arms.knobs[0].optimizer, "adam");
  EXPECT_EQ(r.arms.knobs[0].knob, "beta2");
  EXPECT_EQ(r.arms.knobs[0].values, (std::vector{0.99, 0.999}));
  EXPECT_EQ(r.arms.knobs[1].knob, "lr");
  EXPECT_EQ(r.design, "grid");
  EXPECT_EQ(r.settings.epochs, 4);
  EXPECT_EQ(r.settings.train_size, 1000);
  EXPECT_EQ(r.settings.patience, study::Patience{3});
  EXPECT_EQ(r.settings.plateau, (study::Plateau{0.5, 2}));
  EXPECT_EQ(r.jobs, 2);
  EXPECT_EQ(r.settings.threads, 3);
  EXPECT_EQ(r.settings.seed, 9u);
  EXPECT_EQ(r.seeds, 7);
  EXPECT_EQ(r.checkpoint_every, 0.5);
  EXPECT_EQ(r.stalled_after, 0);
  EXPECT_EQ(r.out, "o");
  EXPECT_EQ(r.worker, "w");
  EXPECT_EQ(r.data_dir, "d");
  EXPECT_TRUE(r.resume && a.dry_run && a.json);
}

// Every default of the table is accepted, and is left out of the command that repeats a study.
TEST(CliOptions, EveryOptionOfTheTableIsCompleteAndItsDefaultIsTaken) {
  for (const std::string verb : {"compare", "tune", "train", "lr-find"}) {
    std::set<std::string> names;
    std::set<int> places;
    for (const Option& option : options_of(verb)) {
      EXPECT_TRUE(names.insert(option.name).second) << verb << " has --" << option.name << " twice";
      EXPECT_FALSE(option.help.empty()) << option.name;
      EXPECT_TRUE(option.place == 0 || places.insert(option.place).second) << option.name;
      if (option.setting.usual.empty()) continue;
      const Given usual{{option.name, {option.setting.usual}}};
      EXPECT_EQ(command_line(verb, usual), "basin " + verb + " fmnist-cnn") << option.name;
      EXPECT_NO_THROW(asked(verb, usual)) << option.name;
    }
  }
}

TEST(CliOptions, TheRangeTestIsLrFindsAlone) {
  const Asked a = asked("lr-find", {{"from", {"1e-4"}}, {"to", {"2"}}, {"steps", {"50"}}});
  EXPECT_EQ(a.range.from, 1e-4);
  EXPECT_EQ(a.range.to, 2);
  EXPECT_EQ(a.range.steps, 50);
  EXPECT_EQ(a.request.arms.optimizers, std::vector<std::string>{"adam"});
  EXPECT_EQ(asked("lr-find", {}).range.from, 1e-7);
  EXPECT_EQ(asked("compare", {{"steps", {"none of its options"}}}).range.steps, 100);
}

TEST(CliOptions, WordsAreFactorsAndStandInTheCommandThatRepeatsIt) {
  const Given given{{"schedule", {"constant", "warmup 1ep, cosine; weight_decay: linear"}},
                    {"regularize", {"none", "l2 1e-4"}},
                    {"augment", {"flip 0.5, crop 4"}},
                    {"normalize", {"on,off"}},
                    {"groups", {"none", "norm bias: weight_decay 0"}},
                    {"micro-batch", {"16"}}};
  const app::Request r = asked("compare", given).request;
  for (const char* name : {"schedule", "regularize", "augment", "groups"})
    EXPECT_EQ(r.arms.words.at(name), given.at(name));
  EXPECT_EQ(r.arms.words.at("normalize"), (std::vector<std::string>{"on", "off"}));
  EXPECT_EQ(r.settings.micro_batch, 16);
  EXPECT_EQ(
      r.command,
      "basin compare fmnist-cnn --normalize on,off --schedule constant --schedule "
      "'warmup 1ep, cosine; weight_decay: linear' --regularize none --regularize 'l2 1e-4' "
      "--augment 'flip 0.5, crop 4' --groups none --groups 'norm bias: weight_decay 0' --micro-batch 16");
  EXPECT_THROW(asked("train", given), InputError) << "train wants one";
}

TEST(CliOptions, AnOptimizerWithItsSlotsInFewerBitsIsAnotherOne) {
  const study::Arms arms =
      arms_of({{"optimizers", {"adamw,adamw@8bit"}}, {"set", {"adamw@8bit.beta2=0.9"}}, {"clip", {"1"}}});
  EXPECT_EQ(arms.optimizers,
            (std::vector<std::string>{"clip_global_norm:1+adamw", "clip_global_norm:1+adamw@8bit"}));
  EXPECT_EQ(arms.knobs.front().optimizer, "clip_global_norm:1+adamw@8bit");
  const auto trials = study::make_trials(arms, "ofat", 1);
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_FALSE(trials[0].config.knobs.contains("beta2"));
  EXPECT_EQ(trials[1].config.knobs.at("beta2"), 0.9);
}

TEST(CliOptions, AFullBatchIsKnownLater) {
  EXPECT_EQ(arms_of(typed({{"batch-size", {"64,full"}}})).batch_sizes,
            (std::vector<std::int64_t>{64, app::full_batch}));
}

TEST(CliOptions, AllIsEveryOptimizerOfTheCatalogueInOneDialect) {
  const auto optimizers = arms_of({{"optimizers", {"all"}}}).optimizers;
  EXPECT_EQ(optimizers.size(),
            static_cast<std::size_t>(std::ranges::count_if(
                catalogue(), [](const RuleInfo& info) { return info.dialect_of.empty(); })));
  EXPECT_LT(optimizers.size(), catalogue().size());
  EXPECT_EQ(optimizers.front(), catalogue().front().name);
  EXPECT_THROW(asked("train", {{"optimizer", {"all"}}}), InputError) << "train wants one";
}

TEST(CliOptions, ClippingStandsBeforeEveryOptimizerAndIsFoundBySet) {
  const study::Arms arms = arms_of(typed({{"clip", {"0.5"}}, {"set", {"adam.beta2=0.99"}}}));
  EXPECT_EQ(arms.optimizers,
            (std::vector<std::string>{"clip_global_norm:0.5+sgd", "clip_global_norm:0.5+adam"}));
  EXPECT_EQ(arms.knobs[0].optimizer, "clip_global_norm:0.5+adam");
  const auto trials = study::make_trials(arms, "ofat", 1);
  EXPECT_EQ(trials.back().config.knobs.at("beta2"), 0.99);
}

TEST(CliOptions, ADialectStandsWhereTheOptimizerStoodAndTakesItsSettings) {
  const study::Arms arms = arms_of({{"optimizers", {"rmsprop,adam"}},
                                    {"set", {"rmsprop.alpha=0.95,0.9", "rmsprop.dialect=keras"}},
                                    {"clip", {"1"}}});
  EXPECT_EQ(arms.optimizers,
            (std::vector<std::string>{"clip_global_norm:1+rmsprop_keras", "clip_global_norm:1+adam"}));
  const auto trials = study::make_trials(arms, "ofat", 1);
  EXPECT_EQ(trials[0].config.knobs.at("alpha"), 0.95);
  EXPECT_EQ(trials[0].config.knobs.at("lr"), 0.001) << "Keras's, not PyTorch's 0.01";
}

TEST(CliOptions, DialectsAreComparedAsOptimizersAre) {
  const std::vector<std::string> set{"adam.dialect=pytorch,keras,optax", "adam.eps=1e-6"};
  const study::Arms arms = arms_of(typed({{"set", set}}));
  EXPECT_EQ(arms.optimizers, (std::vector<std::string>{"sgd", "adam", "adam_keras", "adam_optax"}));
  for (const study::Trial& trial : study::make_trials(arms, "ofat", 1))
    EXPECT_EQ(trial.config.knobs.contains("eps"), trial.config.optimizer != "sgd");
  EXPECT_THROW(asked("train", {{"optimizer", {"adam"}}, {"set", set}}), InputError) << "train wants one";
}

TEST(CliOptions, TheDialectOfAChainIsThatOfItsRule) {
  const Given given{{"optimizer", {"clip_norm:0.5+adamw+cautious"}},
                    {"set", {"clip_norm:0.5+adamw+cautious.dialect=keras"}}};
  EXPECT_EQ(asked("train", given).request.arms.optimizers,
            (std::vector<std::string>{"clip_norm:0.5+adamw_keras+cautious"}));
}

TEST(CliOptions, AChainIsCheckedAsItIsTyped) {
  for (const char* wrong :
       {"clip_nrm:1+adam", "clip_norm:0+adam", "clip_norm:x+adam", "cautious+adam", "clip_norm", "adam+sgd"})
    EXPECT_THROW(arms_of({{"optimizers", {wrong}}}), InputError) << wrong;
}

TEST(CliOptions, PlateauAloneIsKeras) {
  EXPECT_EQ(asked("compare", typed({{"plateau", {""}}})).request.settings.plateau, (study::Plateau{0.1, 10}));
}

TEST(CliCommandLine, SaysWhatDiffersFromTheDefaults) {
  EXPECT_EQ(command_line("compare", {{"optimizers", {"sgd,momentum,rmsprop,adam"}}}),
            "basin compare fmnist-cnn");
  EXPECT_EQ(
      command_line("compare", {{"lr", {"0.1"}},
                               {"seeds", {"3"}},
                               {"set", {"adam.beta2=0.99"}},
                               {"plateau", {""}},
                               {"data-dir", {"my data"}},
                               {"out", {"there"}},
                               {"resume", {}},
                               {"json", {}}}),
      "basin compare fmnist-cnn --lr 0.1 --set adam.beta2=0.99 --seeds 3 --plateau --data-dir 'my data'");
}

TEST(CliCommandLine, NamesTheOptimizerAsItsVerbDoes) {
  EXPECT_EQ(command_line("train", {{"optimizer", {"sgd"}}, {"clip", {"1"}}}),
            "basin train fmnist-cnn --optimizer sgd --clip 1");
  EXPECT_EQ(command_line("train", {{"problem", {"mnist-cnn"}}, {"optimizer", {"adam"}}}),
            "basin train mnist-cnn");
}

TEST(CliCommandLine, WordsOfAShell) {
  EXPECT_EQ(shell_word("0.1,0.2"), "0.1,0.2");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
}

}  // namespace
}  // namespace basin::cli
