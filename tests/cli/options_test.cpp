// From the typed options to their meaning, and back to the command line that repeats them.
#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "basin/rules/catalogue.hpp"
#include "cli/command_line.hpp"
#include "cli/experiment_options.hpp"

namespace basin::cli {
namespace {

ExperimentArguments typed() {
  ExperimentArguments a;
  a.optimizers = "sgd, adam";
  return a;
}

TEST(CliOptions, DefaultsAreThoseOfTheHelp) {
  const ExperimentOptions o = checked(typed(), Lists::allowed);
  EXPECT_EQ(o.problem, "fmnist-cnn");
  EXPECT_EQ(o.arms.optimizers, (std::vector<std::string>{"sgd", "adam"}));
  EXPECT_TRUE(o.arms.lr.empty()) << "each optimizer's own";
  EXPECT_EQ(o.arms.batch_sizes, std::vector<std::int64_t>{64});
  EXPECT_EQ(o.arms.words.at("init"), std::vector<std::string>{"default"});
  EXPECT_FALSE(o.epochs || o.jobs || o.patience || o.plateau || o.train_size || o.out);
  EXPECT_EQ(o.seeds, 1);
}

TEST(CliOptions, EveryOptionArrives) {
  ExperimentArguments a = typed();
  a.lr = "0.1,1e-3";
  a.batch_size = "32,64";
  a.init = "he_normal,default";
  a.set = {"adam.beta2=0.99,0.999", "adam.lr=0.5"};
  a.epochs = "4";
  a.train_size = "1000";
  a.patience = "3";
  a.plateau = "0.5,2";
  a.jobs = "2";
  a.seed = "9";
  const ExperimentOptions o = checked(a, Lists::allowed);
  EXPECT_EQ(o.arms.lr, (std::vector{0.1, 1e-3}));
  EXPECT_EQ(o.arms.batch_sizes, (std::vector<std::int64_t>{32, 64}));
  EXPECT_EQ(o.arms.words.at("init"), (std::vector<std::string>{"he_normal", "default"}));
  ASSERT_EQ(o.arms.knobs.size(), 2u);
  EXPECT_EQ(o.arms.knobs[0].optimizer, "adam");
  EXPECT_EQ(o.arms.knobs[0].knob, "beta2");
  EXPECT_EQ(o.arms.knobs[0].values, (std::vector{0.99, 0.999}));
  EXPECT_EQ(o.arms.knobs[1].knob, "lr");
  EXPECT_EQ(o.epochs, 4);
  EXPECT_EQ(o.train_size, 1000);
  EXPECT_EQ(o.patience, study::Patience{3});
  EXPECT_EQ(o.plateau, (study::Plateau{0.5, 2}));
  EXPECT_EQ(o.jobs, 2);
  EXPECT_EQ(o.seed, 9u);
}

TEST(CliOptions, WordsAreFactorsAndStandInTheCommandThatRepeatsIt) {
  ExperimentArguments a = typed();
  a.schedules = {"constant", "warmup 1ep, cosine; weight_decay: linear"};
  a.regularize = {"none", "l2 1e-4"};
  a.augment = {"flip 0.5, crop 4"};
  a.normalize = "on,off";
  a.groups = {"none", "norm bias: weight_decay 0"};
  a.micro_batch = "16";
  const ExperimentOptions o = checked(a, Lists::allowed);
  EXPECT_EQ(o.arms.words.at("schedule"), a.schedules);
  EXPECT_EQ(o.arms.words.at("regularize"), a.regularize);
  EXPECT_EQ(o.arms.words.at("augment"), a.augment);
  EXPECT_EQ(o.arms.words.at("groups"), a.groups);
  EXPECT_EQ(o.arms.words.at("normalize"), (std::vector<std::string>{"on", "off"}));
  EXPECT_EQ(o.micro_batch, 16);
  EXPECT_EQ(
      command_line("compare", a, typed()),
      "basin compare fmnist-cnn --normalize on,off --schedule constant --schedule "
      "'warmup 1ep, cosine; weight_decay: linear' --regularize none --regularize 'l2 1e-4' "
      "--augment 'flip 0.5, crop 4' --groups none --groups 'norm bias: weight_decay 0' --micro-batch 16");
  EXPECT_THROW(checked(a, Lists::refused), InputError) << "train wants one";
}

TEST(CliOptions, AnOptimizerWithItsSlotsInFewerBitsIsAnotherOne) {
  ExperimentArguments a = typed();
  a.optimizers = "adamw,adamw@8bit";
  a.set = {"adamw@8bit.beta2=0.9"};
  a.clip = "1";
  const ExperimentOptions o = checked(a, Lists::allowed);
  EXPECT_EQ(o.arms.optimizers,
            (std::vector<std::string>{"clip_global_norm:1+adamw", "clip_global_norm:1+adamw@8bit"}));
  EXPECT_EQ(o.arms.knobs.front().optimizer, "clip_global_norm:1+adamw@8bit");
  const auto trials = study::make_trials(o.arms, "ofat", 1);
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_FALSE(trials[0].config.knobs.contains("beta2"));
  EXPECT_EQ(trials[1].config.knobs.at("beta2"), 0.9);
}

TEST(CliOptions, AFullBatchIsKnownLater) {
  ExperimentArguments a = typed();
  a.batch_size = "64,full";
  EXPECT_EQ(checked(a, Lists::allowed).arms.batch_sizes, (std::vector<std::int64_t>{64, full_batch}));
}

TEST(CliOptions, AllIsEveryOptimizerOfTheCatalogueInOneDialect) {
  ExperimentArguments a = typed();
  a.optimizers = "all";
  const auto optimizers = checked(a, Lists::allowed).arms.optimizers;
  EXPECT_EQ(optimizers.size(),
            static_cast<std::size_t>(std::ranges::count_if(
                catalogue(), [](const RuleInfo& info) { return info.dialect_of.empty(); })));
  EXPECT_LT(optimizers.size(), catalogue().size());
  EXPECT_EQ(optimizers.front(), catalogue().front().name);
  EXPECT_THROW(checked(a, Lists::refused), InputError) << "train wants one";
}

TEST(CliOptions, ClippingStandsBeforeEveryOptimizerAndIsFoundBySet) {
  ExperimentArguments a = typed();
  a.clip = "0.5";
  a.set = {"adam.beta2=0.99"};
  const ExperimentOptions o = checked(a, Lists::allowed);
  EXPECT_EQ(o.arms.optimizers,
            (std::vector<std::string>{"clip_global_norm:0.5+sgd", "clip_global_norm:0.5+adam"}));
  EXPECT_EQ(o.arms.knobs[0].optimizer, "clip_global_norm:0.5+adam");
  const auto trials = study::make_trials(o.arms, "ofat", 1);
  EXPECT_EQ(trials.back().config.knobs.at("beta2"), 0.99);
}

TEST(CliOptions, ADialectStandsWhereTheOptimizerStoodAndTakesItsSettings) {
  ExperimentArguments a = typed();
  a.optimizers = "rmsprop,adam";
  a.set = {"rmsprop.alpha=0.95,0.9", "rmsprop.dialect=keras"};
  a.clip = "1";
  const ExperimentOptions o = checked(a, Lists::allowed);
  EXPECT_EQ(o.arms.optimizers,
            (std::vector<std::string>{"clip_global_norm:1+rmsprop_keras", "clip_global_norm:1+adam"}));
  const auto trials = study::make_trials(o.arms, "ofat", 1);
  EXPECT_EQ(trials[0].config.knobs.at("alpha"), 0.95);
  EXPECT_EQ(trials[0].config.knobs.at("lr"), 0.001) << "Keras's, not PyTorch's 0.01";
}

TEST(CliOptions, DialectsAreComparedAsOptimizersAre) {
  ExperimentArguments a = typed();
  a.optimizers = "sgd,adam";
  a.set = {"adam.dialect=pytorch,keras,optax", "adam.eps=1e-6"};
  const ExperimentOptions o = checked(a, Lists::allowed);
  EXPECT_EQ(o.arms.optimizers, (std::vector<std::string>{"sgd", "adam", "adam_keras", "adam_optax"}));
  for (const study::Trial& trial : study::make_trials(o.arms, "ofat", 1))
    EXPECT_EQ(trial.config.knobs.contains("eps"), trial.config.optimizer != "sgd");
  EXPECT_THROW(checked(a, Lists::refused), InputError) << "train wants one";
}

TEST(CliOptions, TheDialectOfAChainIsThatOfItsRule) {
  ExperimentArguments a = typed();
  a.optimizers = "clip_norm:0.5+adamw+cautious";
  a.set = {"clip_norm:0.5+adamw+cautious.dialect=keras"};
  EXPECT_EQ(checked(a, Lists::refused).arms.optimizers,
            (std::vector<std::string>{"clip_norm:0.5+adamw_keras+cautious"}));
}

TEST(CliOptions, AChainIsCheckedAsItIsTyped) {
  for (const char* wrong : {"clip_nrm:1+adam", "clip_norm:0+adam", "clip_norm:x+adam", "cautious+adam",
                            "clip_norm", "adam+sgd"}) {
    ExperimentArguments a = typed();
    a.optimizers = wrong;
    EXPECT_THROW(checked(a, Lists::allowed), InputError) << wrong;
  }
}

TEST(CliOptions, PlateauAloneIsKeras) {
  ExperimentArguments a = typed();
  a.plateau = "";
  EXPECT_EQ(checked(a, Lists::allowed).plateau, (study::Plateau{0.1, 10}));
}

TEST(CliCommandLine, SaysWhatDiffersFromTheDefaults) {
  ExperimentArguments a = typed();
  EXPECT_EQ(command_line("compare", a, typed()), "basin compare fmnist-cnn");
  a.lr = "0.1";
  a.seeds = "3";
  a.set = {"adam.beta2=0.99"};
  a.plateau = "";
  a.data_dir = "my data";
  a.out = "there";
  a.resume = a.json = true;
  EXPECT_EQ(
      command_line("compare", a, typed()),
      "basin compare fmnist-cnn --lr 0.1 --set adam.beta2=0.99 --seeds 3 --plateau --data-dir 'my data'");
}

TEST(CliCommandLine, WordsOfAShell) {
  EXPECT_EQ(shell_word("0.1,0.2"), "0.1,0.2");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
}

}  // namespace
}  // namespace basin::cli
