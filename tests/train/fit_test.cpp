#include "basin/train/fit.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "basin/nn/losses/losses.hpp"
#include "basin/optim/sam.hpp"
#include "basin/rules/adam.hpp"
#include "basin/rules/schedule_free_sgd.hpp"
#include "basin/rules/sgd.hpp"
#include "basin/train/find_rate.hpp"
#include "tests/train/small_run.hpp"

namespace basin::train {
namespace {

data::SharedSet small_images() { return two_classes(300, 60); }

struct SmallRun {
  explicit SmallRun(const std::string& layers =
                        "conv 4 3x3 same, relu, max-pool 2, flatten, linear 8, relu, dropout 0.2, linear 2",
                    double lr = 0.01)
      : network(nn::make_network(nn::parse_layers(layers, {8, 8, 1}))),
        examples(image_examples(data::images_of(images), 60, 0, 1, 0)),
        optimizer((nn::initialize(*network, "default", 1, 0), network->parameters()), {.lr = lr}) {}
  Fit fit(const FitOptions& options) { return train::fit(*network, optimizer, *examples, options, watcher); }

  data::SharedSet images = small_images();
  std::shared_ptr<nn::Network> network;
  std::unique_ptr<Examples> examples;
  optim::Of<rules::Adam> optimizer;
  Watcher watcher;
};

TEST(Fit, LearnsAndRecordsEveryEpoch) {
  SmallRun run;
  const Fit fit = run.fit({.epochs = 5, .batch_size = 32});
  EXPECT_EQ(fit.ending, Ending::last_epoch);
  ASSERT_EQ(fit.rows.size(), 5u);
  EXPECT_EQ(fit.steps, 5 * 8);  // 240 images in batches of 32
  EXPECT_EQ(fit.images, 5 * 240);
  EXPECT_LT(value_of(fit.rows.back().validation, "loss"), value_of(fit.rows.front().validation, "loss"));
  EXPECT_GT(value_of(fit.rows.back().validation, "accuracy"), 0.7);
  for (std::size_t i = 1; i < fit.rows.size(); ++i) EXPECT_GT(fit.rows[i].seconds, fit.rows[i - 1].seconds);
}

TEST(Fit, IsTheSameToTheBitWhenRepeated) {
  const auto once = [] {
    SmallRun run;
    const Fit fit = run.fit({.epochs = 3, .batch_size = 32});
    return std::pair(value_of(fit.rows.back().validation, "loss"), snapshot(*run.network));
  };
  const auto [loss, weights] = once();
  const auto [again, weights_again] = once();
  EXPECT_EQ(loss, again);
  for (std::size_t i = 0; i < weights.size(); ++i)
    EXPECT_TRUE(torch::equal(weights[i].second, weights_again[i].second));
}

TEST(Fit, EvaluatesAndKeepsTheMeanOfTheWeights) {
  struct MeanByHand : Watcher {
    void on_batch(const Progress& running) override {
      const double d = std::min(0.8, (1.0 + steps) / (10.0 + steps));
      const auto now = snapshot(*network);
      for (std::size_t i = 0; i < now.size(); ++i)
        mean.size() <= i ? mean.push_back(now[i].second)
                         : void(mean[i] = d * mean[i] + (1 - d) * now[i].second);
      ++steps;
      last = running.batch;
    }
    void on_epoch(const Row&) override {
      for (std::size_t i = 0; i < mean.size(); ++i)
        EXPECT_TRUE(torch::allclose(snapshot(*network)[i].second, mean[i], 1e-4, 1e-6)) << i;
    }
    nn::Network* network = nullptr;
    std::vector<torch::Tensor> mean;
    int steps = 0;
    std::int64_t last = 0;
  } by_hand;
  SmallRun run;
  by_hand.network = run.network.get();
  const Fit fit = train::fit(*run.network, run.optimizer, *run.examples,
                             {.epochs = 2, .batch_size = 32, .regularization = {.ema = 0.8}}, by_hand);
  EXPECT_EQ(by_hand.last, 8);
  EXPECT_EQ(fit.rows.size(), 2u);
}

// One step over the whole split, compared with the same by hand. Uses a rule whose step grows with the
// gradient, to make it visible.
TEST(Fit, StepsWithTheGradientWhereTheLossIsWorstNearby) {
  struct Line : SmallRun {
    Line() : SmallRun("flatten, linear 2") {}
    Fit fit(const nn::Regularization& regularization) {
      return train::fit(*network, sgd, *examples,
                        {.epochs = 1, .batch_size = 240, .regularization = regularization}, watcher);
    }
    optim::Of<rules::Sgd> sgd{network->parameters(), {.lr = 0.1}};
  };
  Line plain;
  plain.fit({});
  for (const bool adaptive : {false, true}) {
    Line run, by_hand;
    nn::Regularization sharpness;
    (adaptive ? sharpness.asam : sharpness.sam) = 0.2;
    const Fit fit = run.fit(sharpness);
    std::vector<std::uint32_t> all(240);
    std::iota(all.begin(), all.end(), 0u);
    const Batch batch = by_hand.examples->gather_training(1, all);
    const torch::Tensor loss = optim::Sam(by_hand.sgd, {.rho = 0.2, .adaptive = adaptive}).step([&] {
      torch::Tensor l = nn::mean_loss(losses::Loss{}, by_hand.network->forward(batch.inputs), batch.targets);
      l.backward();
      return l;
    });
    EXPECT_NEAR(value_of(fit.rows[0].train, "loss"), loss.item<double>(), 1e-6)
        << "the loss is that at the weights";
    EXPECT_EQ(fit.images, 240);
    const auto weights = snapshot(*run.network);
    for (std::size_t i = 0; i < weights.size(); ++i)
      EXPECT_TRUE(torch::allclose(weights[i].second, snapshot(*by_hand.network)[i].second, 1e-5, 1e-7)) << i;
    EXPECT_FALSE(torch::allclose(weights[0].second, snapshot(*plain.network)[0].second, 1e-4, 1e-6));
  }
}

TEST(Fit, RefusesAMeanOfWeightsThatAreOneAlready) {
  SmallRun run;
  optim::Of<rules::ScheduleFreeSgd> optimizer(run.network->parameters());
  try {
    train::fit(*run.network, optimizer, *run.examples, {.regularization = {.ema = 0.9}}, run.watcher);
    FAIL() << "it was taken";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "ema: schedule_free_sgd is already evaluated at its own mean");
  }
}

// Schedule-free rules train at other weights than those they are evaluated at.
TEST(Fit, TrainsInTrainModeAndEvaluatesInEvalMode) {
  struct ModeWatcher : Watcher {
    explicit ModeWatcher(const optim::Optimizer& o) : optimizer(o) {}
    void on_batch(const Progress&) override { in_batches.push_back(optimizer.mode()); }
    void on_epoch(const Row&) override { in_epochs.push_back(optimizer.mode()); }
    const optim::Optimizer& optimizer;
    std::vector<Mode> in_batches, in_epochs;
  };
  SmallRun run;
  ModeWatcher watcher(run.optimizer);
  train::fit(*run.network, run.optimizer, *run.examples, {.epochs = 2, .batch_size = 120}, watcher);
  EXPECT_EQ(watcher.in_batches, std::vector(4, Mode::train));
  EXPECT_EQ(watcher.in_epochs, std::vector(2, Mode::eval));
  EXPECT_EQ(run.optimizer.mode(), Mode::eval);
}

TEST(Fit, FollowsItsSchedules) {
  SmallRun run;
  const Fit fit =
      run.fit({.epochs = 4, .batch_size = 32, .schedules = parse_schedules("linear; beta1: linear to=0.5")});
  for (const Row& row : fit.rows)  // at the first step of each epoch, of 32
    EXPECT_DOUBLE_EQ(row.lr, 0.01 * (1 - 8 * (row.epoch - 1) / 32.0));
  EXPECT_DOUBLE_EQ(run.optimizer.rule().get("beta1"), 0.45) << "the run is over";
}

TEST(Fit, APlateauLowersWhatTheScheduleMultiplies) {
  SmallRun run;
  const Fit fit = run.fit({.epochs = 4,
                           .batch_size = 120,
                           .plateau = ReduceLROnPlateau({.factor = 0.5, .patience = 1, .min_delta = 1e9}),
                           .schedules = parse_schedules("constant factor=0.25")});
  EXPECT_EQ(fit.rows[1].lr, 0.0025);
  EXPECT_EQ(fit.rows[2].lr, 0.00125);
  EXPECT_EQ(fit.rows[3].lr, 0.000625);
}

// Sums in other groupings: float rounding of gradients of size 1, over 8 steps that Adam makes of size 0.01.
TEST(Fit, PiecesOfABatchAreTheBatch) {
  const std::string layers = "conv 4 3x3 same, tanh, flatten, linear 2";
  SmallRun whole(layers), pieces(layers);
  const Fit a = whole.fit({.epochs = 2, .batch_size = 60});
  const Fit b = pieces.fit({.epochs = 2, .batch_size = 60, .micro_batch = 25});  // 25, 25 and 10
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_EQ(a.images, b.images);
  for (std::size_t i = 0; i < a.rows.size(); ++i)
    EXPECT_NEAR(value_of(a.rows[i].train, "loss"), value_of(b.rows[i].train, "loss"), 1e-4);
  const Weights wa = snapshot(*whole.network), wb = snapshot(*pieces.network);
  for (std::size_t i = 0; i < wa.size(); ++i)
    EXPECT_TRUE(torch::allclose(wa[i].second, wb[i].second, 0, 1e-3)) << wa[i].first;
}

TEST(Fit, ReportsThePenaltyInBothLossesAndFollowsIt) {
  SmallRun plain, heavy;
  const Fit a = plain.fit({.epochs = 6, .batch_size = 32});
  const Fit b = heavy.fit({.epochs = 6, .batch_size = 32, .regularization = {.l2 = 0.05}});
  EXPECT_GT(value_of(b.rows[0].train, "loss"), value_of(a.rows[0].train, "loss") + 0.05);
  const auto length = [](const SmallRun& run) {
    double sum = 0;
    for (const auto& p : run.network->parameters())
      if (p.dim() >= 2) sum += p.detach().square().sum().item<double>();
    return sum;
  };
  EXPECT_LT(length(heavy), 0.5 * length(plain));
  const Score data_alone = evaluate(*heavy.network, *heavy.examples, Part::validation, losses::Loss{});
  EXPECT_NEAR(
      value_of(b.rows[static_cast<std::size_t>(b.best_epoch - 1)].validation, "loss") - data_alone.at("loss"),
      0.05 * length(heavy), 1e-6);  // float sums of a few hundred squares
}

TEST(Fit, MixedBatchesGiveTheSameBitsAgainAndOthersThanPlainOnes) {
  const auto loss = [](double mixup) {
    SmallRun run;
    return value_of(
        run.fit({.epochs = 2, .batch_size = 32, .augmentation = {.mixup = mixup}}).rows.back().train, "loss");
  };
  EXPECT_EQ(loss(0.4), loss(0.4));
  EXPECT_NE(loss(0.4), loss(0));
}

// Observes what reaches the network, in training and in evaluation.
TEST(Fit, EveryStepMixesInAShareOfItsOwn) {
  struct Recorder : nn::Network {
    torch::Tensor forward(torch::Tensor inputs) override {
      if (is_training()) seen.push_back(inputs.clone());
      return torch::linear(inputs, weight);
    }
    torch::Tensor weight = register_parameter("weight", torch::zeros({2, 1}));
    std::vector<torch::Tensor> seen;
  } network;
  const Batch batch{torch::arange(12, torch::kFloat32).reshape({12, 1}),
                    torch::arange(12, torch::kInt64).remainder(2)};
  const auto examples = tensor_examples(batch, batch, batch);
  optim::Of<rules::Sgd> optimizer(network.parameters());
  Watcher watcher;
  const data::Augmentation mixup{.mixup = 0.7};
  train::fit(network, optimizer, *examples, {.epochs = 2, .batch_size = 4, .augmentation = mixup}, watcher);
  ASSERT_EQ(network.seen.size(), 6u);
  for (std::uint64_t step = 1; step <= 6; ++step) {
    const auto order = epoch_order(*examples, 1, 0, (step - 1) / 3 + 1);
    const auto at = [&](std::size_t i) { return static_cast<float>(order[4 * ((step - 1) % 3) + i]); };
    const auto share = static_cast<float>(data::mixup_share(mixup, 1, 0, step));
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(network.seen[step - 1][static_cast<std::int64_t>(i)].item<float>(),
                  share * at(i) + (1 - share) * at(3 - i), 1e-5)
          << "step " << step;
  }
}

TEST(Examples, AreAugmentedInTrainingAlone) {
  const data::SharedSet images = small_images();
  const auto plain = image_examples(data::images_of(images), 60, 0, 1, 0);
  const auto moved =
      image_examples(data::images_of(images), 60, 0, 1, 0, {.augmentation = {.flip = 0.5, .crop = 2}});
  const auto raw = image_examples(data::images_of(images), 60, 0, 1, 0, {.normalize = false});
  std::vector<std::uint32_t> some(20);
  std::iota(some.begin(), some.end(), 0u);
  for (const Part part : {Part::train, Part::validation, Part::test}) {
    const torch::Tensor wanted = plain->gather(part, some).inputs.clone();
    EXPECT_TRUE(torch::equal(moved->gather(part, some).inputs, wanted));
    EXPECT_FALSE(torch::equal(raw->gather(part, some).inputs, wanted));
  }
  const torch::Tensor first = moved->gather_training(1, some).inputs.clone();
  EXPECT_FALSE(torch::equal(first, plain->gather_training(1, some).inputs));
  EXPECT_FALSE(torch::equal(first, moved->gather_training(2, some).inputs));
  EXPECT_TRUE(torch::equal(first, moved->gather_training(1, some).inputs));
  const torch::Tensor in_unit = raw->gather(Part::train, some).inputs;
  EXPECT_GE(in_unit.min().item<float>(), 0);
  EXPECT_LE(in_unit.max().item<float>(), 1);
  EXPECT_THROW(image_examples(data::images_of(images), 60, 0, 1, 0, {.augmentation = {.crop = 8}}),
               InputError);
}

TEST(Fit, LeavesTheWeightsOfTheBestEpoch) {
  SmallRun run;
  const Fit fit = run.fit({.epochs = 8, .batch_size = 16});
  const Score score = evaluate(*run.network, *run.examples, Part::validation, losses::Loss{}, {"accuracy"});
  const Row& best = fit.rows[static_cast<std::size_t>(fit.best_epoch - 1)];
  EXPECT_EQ(score.at("accuracy"), value_of(best.validation, "accuracy"));
  EXPECT_EQ(score.at("loss"), value_of(best.validation, "loss"));
  for (const Row& row : fit.rows)
    EXPECT_LE(value_of(row.validation, "accuracy"), value_of(best.validation, "accuracy"));
}

TEST(Fit, EndsAsDivergedWhenTheLossIsNotFinite) {
  SmallRun run("flatten, linear 2", 1e38);
  const Fit fit = run.fit({.epochs = 5, .batch_size = 32});
  EXPECT_EQ(fit.ending, Ending::diverged);
  EXPECT_LT(fit.rows.size(), 5u);
  EXPECT_NE(fit.reason.find("epoch"), std::string::npos) << fit.reason;
  EXPECT_EQ(fit.reason.find("skip_nonfinite"), std::string::npos) << fit.reason;
}

TEST(Fit, OffersToSkipStepsWhereClippingPassesANanOn) {
  const auto images = two_classes(200, 20);
  const auto reason = [&](const std::string& chain) {
    OneProcess run(images, "flatten, linear 2", kernels::Chain::parse(chain, {{"lr", 1e38}}));
    Watcher watcher;
    return fit(*run.network, run.optimizer, *run.examples, {.epochs = 5, .batch_size = 32}, watcher).reason;
  };
  EXPECT_NE(reason("clip_global_norm:1+sgd").find("skip_nonfinite"), std::string::npos);
  EXPECT_EQ(reason("skip_nonfinite+clip_global_norm:1+sgd").find("skip_nonfinite"), std::string::npos);
}

TEST(Fit, RefusesOptionsOutsideTheirRange) {
  const auto refusal = [](const FitOptions& options) -> std::string {
    SmallRun run("flatten, linear 2");
    const Weights before = snapshot(*run.network);
    try {
      run.fit(options);
    } catch (const InputError& e) {
      EXPECT_TRUE(torch::equal(before[0].second, snapshot(*run.network)[0].second));
      EXPECT_THROW(range_losses(*run.network, kernels::Chain::parse("adam"), *run.examples, {}, options),
                   InputError);
      return e.what();
    }
    return "none";
  };
  EXPECT_EQ(refusal({.epochs = 0}), "training: epochs = 0; it must be 1 or more");
  EXPECT_EQ(refusal({.batch_size = 0}), "training: batch_size = 0; it must be 1 or more");
  EXPECT_EQ(refusal({.micro_batch = -1}), "training: micro_batch = -1; it must be 0 or more");
  EXPECT_EQ(refusal({.regularization = {.ema = 1}}),
            "regularize: ema = 1 is outside its range; it must be in [0, 1)");
  EXPECT_EQ(refusal({.regularization = {.sam = 0.1, .asam = 0.1}}), "regularize: give either sam or asam");
  EXPECT_EQ(refusal({.augmentation = {.mixup = 2}}),
            "augment: mixup = 2 is outside its range; it must be in [0, 1]");
  EXPECT_EQ(
      refusal({.checkpoints = {.every = NAN}}),
      "training: seconds between checkpoints = nan is outside its range; it must be 0 or more, and finite");
  EXPECT_EQ(refusal({.batch_size = std::numeric_limits<std::int64_t>::max(),
                     .micro_batch = std::numeric_limits<std::int64_t>::max()}),
            "none");
}

TEST(Fit, RefusesAPartWithoutExamples) {
  struct None : Examples {
    explicit None(Part p) : none(p) {}
    std::int64_t count(Part part) const override { return part == none ? 0 : 4; }
    Batch gather(Part, std::span<const std::uint32_t> positions) override {
      const auto n = static_cast<std::int64_t>(positions.size());
      return {torch::ones({n, 1, 8, 8}), torch::zeros({n}, torch::kInt64)};
    }
    Part none;
  };
  SmallRun run("flatten, linear 2");
  for (const auto& [part, name] :
       {std::pair(Part::train, "training"), std::pair(Part::validation, "validation")}) {
    None none(part);
    try {
      train::fit(*run.network, run.optimizer, none, {}, run.watcher);
      FAIL() << "it was taken";
    } catch (const InputError& error) {
      EXPECT_EQ(error.what(),
                "there are 0 " + std::string(name) + " examples; there must be 1 to 4294967295");
    }
  }
  None none(Part::test);
  EXPECT_THROW(evaluate(*run.network, none, Part::test, losses::Loss{}), InputError);
}

TEST(Fit, StopsEarlyAndSaysWhy) {
  SmallRun run("flatten, linear 2", 0.0);
  const Fit fit =
      run.fit({.epochs = 9, .batch_size = 64, .early_stopping = EarlyStopping::Settings{.patience = 2}});
  EXPECT_EQ(fit.ending, Ending::stopped_early);
  EXPECT_EQ(fit.rows.size(), 3u);
  EXPECT_EQ(fit.reason, "no improvement for 2 epochs");
}

TEST(Fit, DropsTheRateOnAPlateau) {
  SmallRun run("flatten, linear 2", 1e-12);
  const Fit fit =
      run.fit({.epochs = 4, .batch_size = 64, .plateau = ReduceLROnPlateau({.factor = 0.5, .patience = 1})});
  EXPECT_EQ(fit.rows[0].lr, 1e-12);
  EXPECT_EQ(fit.rows[3].lr, 0.25e-12);
}

class Impatient : public Watcher {
 public:
  void on_batch(const Progress& running) override { last_ = running; }
  bool cancelled() override { return last_.epoch == 2 && last_.batch == 3; }

 private:
  Progress last_;
};

TEST(Fit, EndsWhenItIsCancelled) {
  SmallRun run;
  Impatient watcher;
  const Fit fit =
      train::fit(*run.network, run.optimizer, *run.examples, {.epochs = 5, .batch_size = 32}, watcher);
  EXPECT_EQ(fit.ending, Ending::cancelled);
  EXPECT_EQ(fit.rows.size(), 1u);
  EXPECT_EQ(fit.steps, 8 + 3);
}

TEST(Fit, PhasesAddUpToTheSecondsOfTheCurve) {
  SmallRun run;
  const Fit fit = run.fit({.epochs = 2, .batch_size = 32});
  EXPECT_EQ(fit.rows.back().seconds, fit.phases.training());
  EXPECT_GT(fit.phases.evaluation, 0);
}

TEST(Examples, AreNormalisedByTheTrainingSplitAlone) {
  const data::SharedSet images = small_images();
  const auto examples = image_examples(data::images_of(images), 60, 100, 1, 0);
  EXPECT_EQ(examples->count(Part::train), 100);
  EXPECT_EQ(examples->count(Part::validation), 60);
  EXPECT_EQ(examples->count(Part::test), 60);
  std::vector<std::uint32_t> all(100);
  std::iota(all.begin(), all.end(), 0u);
  const torch::Tensor x = examples->gather(Part::train, all).inputs;
  EXPECT_TRUE(x.is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_NEAR(x.mean().item<double>(), 0, 1e-5);
  EXPECT_NEAR(x.std(false).item<double>(), 1, 1e-5);
}

TEST(Examples, HaveAnOrderForEachEpochReplicateAndSeed) {
  const data::SharedSet images = small_images();
  const auto examples = image_examples(data::images_of(images), 60, 0, 1, 0);
  const auto first = epoch_order(*examples, 1, 0, 1);
  EXPECT_EQ(epoch_order(*examples, 1, 0, 1), first);
  EXPECT_NE(epoch_order(*examples, 1, 0, 2), first);
  EXPECT_NE(epoch_order(*examples, 1, 1, 1), first);
  EXPECT_NE(epoch_order(*examples, 2, 0, 1), first);
}

TEST(Examples, OfOnesOwnMustFitTogether) {
  const Batch good{torch::ones({3, 2}), torch::zeros(3, torch::kInt64)};
  EXPECT_NO_THROW(tensor_examples(good, good, good));
  EXPECT_THROW(tensor_examples(good, {torch::ones({3, 2}), torch::zeros(2)}, good), InputError);
  EXPECT_THROW(tensor_examples({}, good, good), InputError);
}

TEST(Examples, KnowTheirLabelsByChecksums) {
  const auto part = [](std::int64_t count, std::int64_t shift) {
    return Batch{torch::rand({count, 2}), (torch::arange(count) + shift) % 10};
  };
  const auto sums = [](Batch train, Batch test) {
    return label_checksums(
        *tensor_examples(std::move(train), {torch::ones({3, 2}), torch::zeros(3)}, std::move(test)));
  };
  const auto plain = sums(part(5000, 0), part(7, 0)), shifted = sums(part(5000, 1), part(7, 0));
  EXPECT_EQ(plain.size(), 2u) << "targets that are numbers may be rounded otherwise elsewhere";
  EXPECT_EQ(plain, sums(part(5000, 0), part(7, 0))) << "whatever the inputs are";
  EXPECT_NE(plain.at("training labels"), shifted.at("training labels"));
  EXPECT_EQ(plain.at("test labels"), shifted.at("test labels"));
}

TEST(Loss, MseTakesClassesAsOneHotVectors) {
  const torch::Tensor outputs = torch::tensor({{0.8, 0.1}, {0.3, 0.5}});
  const torch::Tensor classes = torch::tensor({0, 1});
  EXPECT_NEAR(nn::mean_loss(losses::Loss{"mse"}, outputs, classes).item<double>(),
              (0.04 + 0.01 + 0.09 + 0.25) / 4, 1e-7);
}

TEST(Loss, CrossEntropyIsThatOfLibtorch) {
  const torch::Tensor outputs = torch::randn({5, 4}), classes = torch::tensor({0, 1, 2, 3, 0});
  EXPECT_NEAR(nn::mean_loss(losses::Loss{}, outputs, classes).item<double>(),
              torch::nn::functional::cross_entropy(outputs, classes).item<double>(), 1e-6);
}

class Saved : public ::testing::Test {
 protected:
  ~Saved() override { std::filesystem::remove(file_); }
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("basin_weights_" + std::to_string(::getpid()));
};

TEST_F(Saved, WeightsComeBack) {
  SmallRun a("conv 3 3x3 same, batch-norm, relu, flatten, linear 2"),
      b("conv 3 3x3 same, batch-norm, relu, flatten, linear 2");
  a.fit({.epochs = 1, .batch_size = 32});
  save(file_, snapshot(*a.network));
  restore(*b.network, load(file_));
  const Score ours = evaluate(*a.network, *a.examples, Part::test, losses::Loss{});
  EXPECT_EQ(ours, evaluate(*b.network, *b.examples, Part::test, losses::Loss{}));
}

TEST_F(Saved, WeightsOfAnotherNetworkAreRefused) {
  SmallRun a("flatten, linear 2"), b("flatten, linear 3");
  save(file_, snapshot(*a.network));
  const torch::Tensor before = b.network->parameters()[0].clone();
  EXPECT_THROW(restore(*b.network, load(file_)), InputError);
  EXPECT_TRUE(torch::equal(before, b.network->parameters()[0]));
}

}  // namespace
}  // namespace basin::train
