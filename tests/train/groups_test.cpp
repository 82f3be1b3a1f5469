// Training with parameter groups by role: the resulting weights of each group, and that a resumed run has the
// same bits.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <sstream>

#include "basin/nn/module_roles.hpp"
#include "basin/train/checkpoint.hpp"
#include "basin/train/find_rate.hpp"
#include "tests/study/sample_study.hpp"
#include "tests/train/small_run.hpp"

namespace basin::train {
namespace {

constexpr const char* layers =
    "conv 4 3x3 same, batch-norm, relu, max-pool 4, flatten, linear 5, tanh, linear 2";

// A network with a grouped optimizer, recreated from the same seeds.
struct Grouped {
  Grouped(const data::SharedSet& images, const std::string& groups, const std::string& rule)
      : network(nn::make_network(nn::parse_layers(layers, {8, 8, 1}))),
        examples(image_examples(data::images_of(images), 20, 0, 1, 0)),
        chain(kernels::Chain::parse(rule)),
        optimizer((nn::initialize(*network, "default", 1, 0), nn::groups_by_role(*network, groups, chain)),
                  chain) {}

  Fit fit(const FitOptions& options, Watcher& watcher) {
    return train::fit(*network, optimizer, *examples, options, watcher);
  }
  std::shared_ptr<nn::Network> network;
  std::unique_ptr<Examples> examples;
  kernels::Chain chain;
  optim::Optimizer optimizer;
};

class Groups : public ::testing::Test {
 protected:
  Weights trained(const std::string& groups, const std::string& optimizer, const FitOptions& options) {
    Grouped run(images_, groups, optimizer);
    Watcher watcher;
    run.fit(options, watcher);
    return snapshot(*run.network);
  }
  // The same with an optimizer of plain groups, whose parameters `chosen` selects by name.
  Weights trained_by_hand(const std::function<bool(const std::string&)>& chosen, const std::string& others,
                          const std::string& own, const FitOptions& options) {
    OneProcess run(images_, layers, kernels::Chain::parse(own));
    std::vector<torch::Tensor> left, picked;
    for (const auto& item : run.network->named_parameters())
      (chosen(item.key()) ? picked : left).push_back(item.value());
    const auto group = [](const std::vector<torch::Tensor>& parameters, const std::string& chain) {
      return optim::OptimizerParamGroup(parameters,
                                        std::make_unique<optim::Options>(kernels::Chain::parse(chain)));
    };
    optim::Optimizer optimizer({group(left, own), group(picked, others)}, kernels::Chain::parse("sgd"));
    Watcher watcher;
    train::fit(*run.network, optimizer, *run.examples, options, watcher);
    return snapshot(*run.network);
  }
  static void expect_equal(const Weights& a, const Weights& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
      EXPECT_TRUE(torch::equal(a[i].second, b[i].second)) << a[i].first;
  }

  data::SharedSet images_ = two_classes(84, 20);  // 64 to train on: batches of 24, 24 and 16
  study::TemporaryFolder folder_;
  const FitOptions options_{.epochs = 3, .batch_size = 24, .schedules = parse_schedules("linear")};
};

bool is_norm_or_bias(const std::string& name) { return name.starts_with("norm") || name.ends_with("bias"); }

TEST_F(Groups, NoneIsWhatIsTrainedWithoutThem) {
  OneProcess plain(images_, layers, kernels::Chain::parse("clip_global_norm:0.1+adam"));
  Watcher watcher;
  train::fit(*plain.network, plain.optimizer, *plain.examples, options_, watcher);
  expect_equal(snapshot(*plain.network), trained("none", "clip_global_norm:0.1+adam", options_));
}

TEST_F(Groups, NormAndBiasAreNotDecayed) {
  expect_equal(trained("norm bias: weight_decay 0", "adamw:lr=0.01:weight_decay=0.5", options_),
               trained_by_hand(is_norm_or_bias, "adamw:lr=0.01:weight_decay=0",
                               "adamw:lr=0.01:weight_decay=0.5", options_));
}

TEST_F(Groups, EachHasItsOwnRuleAndAMultipleOfTheRate) {
  const auto head = [](const std::string& name) { return name == "linear7_weight"; };
  expect_equal(trained("head: adagrad, lr 0.5x", "adam:lr=0.02", options_),
               trained_by_hand(head, "adagrad:lr=0.01", "adam:lr=0.02", options_));
}

TEST_F(Groups, AnEmbeddingTakesTheSparseStepsOfAdagradBesideAnotherRule) {
  torch::manual_seed(1);
  torch::nn::Sequential net(torch::nn::Embedding(torch::nn::EmbeddingOptions(50, 4).sparse(true)),
                            torch::nn::Linear(4, 1));
  const torch::Tensor table = net->parameters()[0], before = table.detach().clone();
  const auto adam = kernels::Chain::parse("adam");
  optim::Optimizer optimizer(nn::groups_by_role(*net, "embedding: adagrad, lr 0.01", adam), adam);
  net->forward(torch::tensor({3, 7})).square().sum().backward();
  const torch::Tensor gradient = table.grad().to_dense();
  optimizer.step();
  const torch::Tensor moved = (table.detach() - before).abs();
  EXPECT_EQ(optimizer.rule(1).info().name, "adagrad");
  // The first step of Adagrad is lr, whatever the gradient; rows that were not looked up stay.
  EXPECT_NEAR(moved[3].max().item<double>(), 0.01, 1e-6);
  EXPECT_EQ((moved.sum(1) != 0).sum().item<std::int64_t>(), 2);
  EXPECT_EQ((gradient.abs().sum(1) != 0).sum().item<std::int64_t>(), 2);
}

// --- what drives the rate drives that of every group

TEST_F(Groups, APlateauLowersEveryRateAndTheCurveTellsTheOptimizersOwn) {
  Grouped run(images_, "bias: lr 0.1x; head: adagrad, lr 0.5", "sgd:lr=0.02");
  FitOptions options{.epochs = 3, .batch_size = 24};
  options.plateau = ReduceLROnPlateau({.factor = 0.5, .patience = 1, .min_delta = 1e9});
  Watcher watcher;
  const Fit fit = run.fit(options, watcher);
  EXPECT_EQ(fit.rows[0].lr, 0.02);
  EXPECT_EQ(fit.rows[2].lr, 0.01);
  EXPECT_EQ(run.optimizer.rule(0).lr(), 0.005);
  EXPECT_DOUBLE_EQ(run.optimizer.rule(1).lr(), 0.0005);
  EXPECT_DOUBLE_EQ(run.optimizer.rule(2).lr(), 0.125);
}

TEST_F(Groups, ARangeTestMovesTheRatesThatAreMultiplesAndLeavesTheOthers) {
  const auto losses = [&](const std::string& groups) {
    Grouped run(images_, "none", "sgd");
    return range_losses(*run.network, run.chain, *run.examples, {.from = 1e-4, .to = 0.1, .steps = 12},
                        {.batch_size = 24}, nn::parse_groups(groups));
  };
  const auto plain = losses("none");
  EXPECT_EQ(losses("head bias: weight_decay 0"), plain);
  EXPECT_EQ(losses("matrix convolution head: lr 1x"), plain);
  EXPECT_NE(losses("head: lr 10x"), plain);
  const std::string all = "matrix convolution head norm bias: lr ";
  const auto still = losses(all + "0");
  EXPECT_NE(still, losses(all + "0.5x"));
  EXPECT_EQ(losses(all + "0x"), still);
}

// --- resuming

class Interrupter : public Watcher {
 public:
  void on_batch(const Progress&) override { ++batches_; }
  bool cancelled() override { return batches_ > 0; }

 private:
  int batches_ = 0;
};

TEST_F(Groups, ARunThatIsInterruptedAtEveryStepHasTheSameBits) {
  const std::string groups =
      "norm bias: weight_decay 0, lr 2x; head: clip_norm:1+nadam; convolution: momentum, lr 0.5x";
  FitOptions options{
      .epochs = 3, .batch_size = 24, .schedules = parse_schedules("warmup 2, cosine; weight_decay: linear")};
  options.plateau = ReduceLROnPlateau({.factor = 0.5, .patience = 1, .min_delta = 1});
  Grouped straight(images_, groups, "adamw:lr=0.01");
  Watcher watcher;
  const Fit wanted = straight.fit(options, watcher);

  options.checkpoints = {.folder = folder_ / "run", .every = 1e9};
  for (int sessions = 1;; ++sessions) {
    ASSERT_LT(sessions, 20);
    Grouped process(images_, groups, "adamw:lr=0.01");
    Interrupter interrupter;
    const Fit fit = process.fit(options, interrupter);
    if (fit.ending == Ending::cancelled) continue;
    EXPECT_GT(sessions, 8);
    for (std::size_t i = 0; i < wanted.rows.size(); ++i) {
      EXPECT_EQ(fit.rows[i].lr, wanted.rows[i].lr);
      EXPECT_EQ(value_of(fit.rows[i].validation, "loss"), value_of(wanted.rows[i].validation, "loss"));
    }
    expect_equal(snapshot(*process.network), snapshot(*straight.network));
    const auto a = named_state(process.optimizer, process.network->named_parameters()),
               b = named_state(straight.optimizer, straight.network->named_parameters());
    ASSERT_EQ(a.groups.size(), 4u);
    for (std::size_t g = 0; g < a.groups.size(); ++g) {
      EXPECT_EQ(a.groups[g].chain, b.groups[g].chain);
      EXPECT_EQ(a.groups[g].knobs, b.groups[g].knobs);
      EXPECT_EQ(a.groups[g].parameters, b.groups[g].parameters);
    }
    for (const auto& [name, parameter] : a.parameters)
      for (const auto& [slot, tensor] : parameter.slots)
        EXPECT_TRUE(torch::equal(tensor, b.parameters.at(name).slots.at(slot))) << slot << " of " << name;
    return;
  }
}

TEST_F(Groups, AreSavedAndLoadedWithAnArchiveAndRefusedByOthers) {
  const std::string groups = "norm bias: momentum; head: adagrad";
  Grouped saved(images_, groups, "adam"), loaded(images_, groups, "adam:lr=0.5"),
      other(images_, "norm bias: momentum; head: sgd", "adam");
  Watcher watcher;
  saved.fit({.epochs = 1, .batch_size = 24}, watcher);
  std::stringstream stream;
  torch::save(saved.optimizer, stream);
  torch::load(loaded.optimizer, stream);
  EXPECT_EQ(loaded.optimizer.rule(0).lr(), saved.optimizer.rule(0).lr());
  EXPECT_EQ(loaded.optimizer.rule(2).info().name, "adagrad");
  EXPECT_EQ(loaded.optimizer.state_bytes(), saved.optimizer.state_bytes());
  stream.seekg(0);
  EXPECT_THROW(torch::load(other.optimizer, stream), InputError);
}

}  // namespace
}  // namespace basin::train
