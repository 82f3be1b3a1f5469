// A run that is interrupted after every single step gives the bits of one that was not: for every optimizer,
// and for every kind of network. And everything that a checkpoint holds is needed for that.
#include <filesystem>
#include <fstream>
#include <functional>

#include "basin/rules/sgd.hpp"
#include "basin/storage/generations.hpp"
#include "basin/train/checkpoint.hpp"
#include "tests/study/sample_study.hpp"
#include "tests/train/small_run.hpp"

namespace basin::train {
namespace {
namespace fs = std::filesystem;

// Ends each session after this many batches.
class Interrupter : public Watcher {
 public:
  explicit Interrupter(int after) : left_(after) {}
  void on_batch(const Progress&) override { --left_; }
  void on_warning(const std::string& text) override { warnings.push_back(text); }
  bool cancelled() override { return left_ <= 0; }
  std::vector<std::string> warnings;

 private:
  int left_;
};

struct Case {
  std::string layers = "flatten, linear 4, tanh, linear 2", optimizer = "adam";
  FitOptions options = {.epochs = 3, .batch_size = 24};
  bool draws = false;  // a network that draws random numbers, instead of layers
};

// Draws from libtorch's generator, in training and in evaluation.
struct Drawing : nn::Network {
  torch::Tensor forward(torch::Tensor inputs) override {
    const torch::Tensor x = inputs.flatten(1);
    return torch::linear(x + 0.3 * torch::randn_like(x), weight);
  }
  torch::Tensor weight = register_parameter("weight", torch::zeros({2, 64}));
};

std::shared_ptr<nn::Network> network_of(const Case& c) {
  if (c.draws) return std::make_shared<Drawing>();
  return nn::make_network(nn::parse_layers(c.layers, {8, 8, 1}));
}

// Everything that a run leaves, except its times.
struct Outcome {
  Fit fit;
  Weights weights;
  optim::NamedState optimizer;
};

std::string difference(const Outcome& a, const Outcome& b) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  const auto same_scores = [&](const Score& x, const Score& y) {
    return x.size() == y.size() && std::ranges::equal(x, y, [&](const auto& p, const auto& q) {
             return p.first == q.first && same(p.second, q.second);
           });
  };
  if (a.fit.ending != b.fit.ending || a.fit.reason != b.fit.reason) return "the ending";
  if (a.fit.rows.size() != b.fit.rows.size()) return "the length of the curve";
  for (std::size_t i = 0; i < a.fit.rows.size(); ++i) {
    const Row &x = a.fit.rows[i], &y = b.fit.rows[i];
    if (x.epoch != y.epoch || x.lr != y.lr || !same_scores(x.train, y.train) ||
        !same_scores(x.validation, y.validation))
      return "the curve in epoch " + std::to_string(i + 1);
  }
  if (a.fit.best_epoch != b.fit.best_epoch) return "the best epoch";
  if (a.fit.steps != b.fit.steps || a.fit.images != b.fit.images) return "the steps or the images";
  for (std::size_t i = 0; i < a.weights.size(); ++i)
    if (!torch::equal(a.weights[i].second, b.weights[i].second)) return "the weights " + a.weights[i].first;
  for (const auto& [name, parameter] : a.optimizer.parameters) {
    const auto& other = b.optimizer.parameters.at(name);
    if (parameter.step != other.step || parameter.numbers != other.numbers) return "the steps of " + name;
    for (const auto& [slot, tensor] : parameter.slots)
      if (!torch::equal(tensor, other.slots.at(slot))) return slot + " of " + name;
  }
  if (a.optimizer.skipped != b.optimizer.skipped || a.optimizer.mode != b.optimizer.mode) return "the mode";
  return a.optimizer.groups[0].knobs == b.optimizer.groups[0].knobs ? "" : "the knobs";
}

class Resume : public ::testing::Test {
 protected:
  // Runs one session; returns nothing if it was interrupted.
  std::optional<Outcome> session(const Case& c, Watcher& watcher) {
    OneProcess process(images_, network_of(c), kernels::Chain::parse(c.optimizer), c.options.augmentation);
    torch::manual_seed(++sessions_);  // a new process has another generator state
    Fit fit = train::fit(*process.network, process.optimizer, *process.examples, c.options, watcher);
    if (fit.ending == Ending::cancelled) return std::nullopt;
    optim::NamedState state = named_state(process.optimizer, process.network->named_parameters());
    return Outcome{std::move(fit), snapshot(*process.network), std::move(state)};
  }
  Outcome straight(const Case& c) {
    Watcher watcher;
    return *session(c, watcher);
  }
  // Runs as many sessions as there are steps between them.
  Outcome interrupted(Case c, int every, const std::function<void(int)>& between = {}) {
    c.options.checkpoints = {.folder = folder_ / "run", .every = 1e9};
    for (int i = 1;; ++i) {
      Interrupter watcher(every);
      auto outcome = session(c, watcher);
      EXPECT_EQ(watcher.warnings, std::vector<std::string>());
      if (outcome) return fs::remove_all(folder_ / "run"), std::move(*outcome);
      if (between) between(i);
    }
  }
  void expect_same_bits(const Case& c) {
    EXPECT_EQ(difference(straight(c), interrupted(c, 1)), "") << c.optimizer << " on " << c.layers;
  }
  // Returns the difference that a change to the second checkpoint, in the middle of the second epoch, makes.
  std::string difference_when(const Case& c, const std::function<void(Checkpoint&)>& forgets) {
    return difference(straight(c), interrupted(c, 5, [&](int i) {
                        if (i != 1) return;
                        storage::Generations generations(folder_ / "run");
                        std::vector<std::string> damages;
                        const auto found = generations.load(damages);
                        Checkpoint checkpoint = decode(found->state, found->tensors);
                        forgets(checkpoint);
                        const EncodedCheckpoint changed = encode(checkpoint);
                        generations.save(changed.state, changed.tensors);
                      }));
  }

  data::SharedSet images_ = two_classes(84, 20);  // 64 to train on: batches of 24, 24 and 16
  study::TemporaryFolder folder_;
  std::uint64_t sessions_ = 0;
};

class ResumeEvery : public Resume, public ::testing::WithParamInterface<std::string> {};

TEST_P(ResumeEvery, OptimizerGivesTheSameBitsWhenInterruptedAtEveryStep) {
  expect_same_bits({.optimizer = GetParam(),
                    .options = {.epochs = 3, .batch_size = 24, .schedules = parse_schedules("linear")}});
}

std::vector<std::string> optimizers() {
  std::vector<std::string> names{"clip_global_norm:0.1+noise:0.01+adamw+cautious",
                                 "skip_nonfinite+momentum+trust_ratio", "agc+adamw@8bit", "lion@bfloat16"};
  for (const RuleInfo& info : catalogue()) names.push_back(info.name);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, ResumeEvery, ::testing::ValuesIn(optimizers()), [](const auto& name) {
  std::string out = name.param;
  std::ranges::replace_if(out, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return out;
});

class ResumeEveryNetwork : public Resume, public ::testing::WithParamInterface<const char*> {};

TEST_P(ResumeEveryNetwork, GivesTheSameBitsWhenInterruptedAtEveryStep) {
  for (const char* optimizer : {"adamw@8bit", "schedule_free_sgd"})
    expect_same_bits(
        {.layers = GetParam(),
         .optimizer = optimizer,
         .options = {.epochs = 3,
                     .batch_size = 24,
                     .plateau = ReduceLROnPlateau({.factor = 0.5, .patience = 1, .min_delta = 1}),
                     .micro_batch = 10,
                     .regularization = {.l2 = 1e-3, .max_norm = 2},
                     .augmentation = {.flip = 0.5, .crop = 1, .cutout = 2, .mixup = 0.3},
                     .schedules = parse_schedules("warmup 2, cosine")}});
}
INSTANTIATE_TEST_SUITE_P(
    Families, ResumeEveryNetwork,
    ::testing::Values("flatten, linear 2",
                      "flatten, linear 8, relu, dropout 0.3, linear 4, sigmoid, linear 2",
                      "conv 4 3x3 same, relu, max-pool 2, dropout 0.2, flatten, linear 2",
                      "conv 4 3x3 same, batch-norm, relu, conv 2 3x3, batch-norm, relu, flatten, linear 2",
                      "conv 4 3x3 same, layer-norm, tanh, max-pool 4, flatten, linear 2",
                      "conv 4 3x3 same, group-norm 2, relu, max-pool 4, flatten, linear 2"));

TEST_F(Resume, GoesOnWithTheMeanThatIsEvaluated) {
  for (const double bound : {0.0, 2.0}) {
    const Case c{
        .options = {.epochs = 3, .batch_size = 24, .regularization = {.max_norm = bound, .ema = 0.9}}};
    expect_same_bits(c);
    EXPECT_NE(difference_when(c, [](Checkpoint& k) { k.average->averages[0].zero_(); }), "");
    EXPECT_NE(difference_when(c, [](Checkpoint& k) { k.average->averaged = 1; }), "");
  }
}

TEST_F(Resume, GoesOnBetweenStepsOfTwoGradients) {
  expect_same_bits({.layers = "flatten, linear 8, relu, dropout 0.3, linear 2",
                    .options = {.epochs = 3,
                                .batch_size = 24,
                                .micro_batch = 10,
                                .regularization = {.l2 = 1e-3, .ema = 0.9, .asam = 0.5}}});
}

TEST_F(Resume, StopsEarlyWhereTheWholeRunDoes) {
  Case c{
      .optimizer = "sgd:lr=0",
      .options = {.epochs = 9, .batch_size = 24, .early_stopping = EarlyStopping::Settings{.patience = 2}}};
  EXPECT_EQ(straight(c).fit.ending, Ending::stopped_early);
  expect_same_bits(c);
  c.options.plateau = PyTorchReduceLROnPlateau({.factor = 0.5, .patience = 1});
  c.options.early_stopping->patience = 5;
  expect_same_bits(c);
}

// Omitting any of these shows.
TEST_F(Resume, NeedsEverythingThatACheckpointHolds) {
  const Case c{.layers = "conv 4 3x3 same, batch-norm, relu, max-pool 4, flatten, linear 2",
               .optimizer = "nadam:lr=0.02",
               .options = {.epochs = 4,
                           .batch_size = 24,
                           .early_stopping = EarlyStopping::Settings{.patience = 3, .min_delta = 1},
                           .plateau = ReduceLROnPlateau({.factor = 0.5, .patience = 2, .min_delta = 1}),
                           .schedules = parse_schedules("linear")}};
  const auto without = [&](const std::function<void(Checkpoint&)>& forgets) {
    return difference_when(c, forgets);
  };
  EXPECT_EQ(without([](Checkpoint&) {}), "");
  const auto zero = [](Weights& weights, const std::string& part) {
    for (auto& [name, tensor] : weights)
      if (name.find(part) != std::string::npos) tensor.zero_();
  };
  EXPECT_NE(without([&](Checkpoint& k) { zero(k.weights, "linear"); }), "");
  EXPECT_NE(without([&](Checkpoint& k) { zero(k.weights, "running_mean"); }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.optimizer.parameters.begin()->second.slots["exp_avg"].zero_(); }),
            "");
  EXPECT_NE(without([](Checkpoint& k) { k.optimizer.parameters.begin()->second.step = 0; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.optimizer.parameters.begin()->second.numbers[0] = 1; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.schedule.steps = 0; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.schedule.bases[0][0] = 0.01; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.stopping->waited = -1; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.plateau->waited = -1; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.position.batch = 0; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.sums = {.metrics = {{"accuracy", {2, 0, 0}}}}; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.position.lr = 0; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.position.epoch = 1; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.fit.steps = 0; }), "");
  EXPECT_NE(without([](Checkpoint& k) { k.fit.rows.clear(), k.fit.best_epoch = 0; }), "");
}

// If epochs are equal, the first is the best.
TEST_F(Resume, NeedsTheBestWeightsSoFar) {
  const Case c{.optimizer = "sgd:lr=0", .options = {.epochs = 3, .batch_size = 24}};
  ASSERT_EQ(straight(c).fit.best_epoch, 1);
  EXPECT_NE(difference_when(c,
                            [](Checkpoint& k) {
                              for (auto& [name, tensor] : k.best) tensor.zero_();
                            }),
            "");
}

// Every session begins with another generator state, which no checkpoint stores.
TEST_F(Resume, GivesTheSameBitsToANetworkThatDraws) {
  for (const char* optimizer : {"adam", "sophia"})
    expect_same_bits({.optimizer = optimizer,
                      .options = {.epochs = 3,
                                  .batch_size = 24,
                                  .micro_batch = 10,
                                  .regularization = {.ema = 0.9, .sam = 0.05}},
                      .draws = true});
}

// --- what can be wrong with a checkpoint

class Damaged : public Resume {
 protected:
  Damaged() {
    case_.options.checkpoints = {.folder = folder_ / "run",
                                 .every = 0,  // before every batch
                                 .given = {{"the crc32 of the training labels", "1"}},
                                 .program = "program 1"};
    begin();
  }
  void begin() {
    Interrupter watcher(5);
    session(case_, watcher);
  }
  fs::path newest(const std::string& kind) const {
    int most = 0;
    for (const auto& entry : fs::directory_iterator(folder_ / "run"))
      most = std::max(most, std::stoi(entry.path().filename()));
    return fs::path(folder_ / "run") / (std::to_string(most) + kind);
  }
  // Resumes; returns the warnings, and expects the same bits as ever.
  std::vector<std::string> warnings() {
    Interrupter watcher(1000);
    const auto outcome = session(case_, watcher);
    Case plain = case_;
    plain.options.checkpoints = {};
    EXPECT_EQ(difference(straight(plain), *outcome), "");
    return watcher.warnings;
  }
  Case case_;
};

TEST_F(Damaged, FallsBackToTheGenerationBeforeAndSaysSo) {
  fs::resize_file(newest(".safetensors"), 100);
  const std::string name = newest(".safetensors").string();
  const auto said = warnings();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].find("the checkpoint is damaged: " + name + ": wanted"), 0u) << said[0];
  EXPECT_NE(said[0].find("; continuing from the one before it, "), std::string::npos) << said[0];
}

TEST_F(Damaged, BeginsAnewWhenAllOfItIsDamagedAndSaysSo) {
  for (const auto& entry : fs::directory_iterator(folder_ / "run")) fs::resize_file(entry.path(), 10);
  const auto said = warnings();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_NE(said[0].find("; training starts again"), std::string::npos);
}

TEST_F(Damaged, IsNotResumedByAnotherRun) {
  const auto refusal = [&](const Case& c) -> std::string {
    Watcher watcher;
    try {
      session(c, watcher);
    } catch (const InputError& e) {
      return e.what();
    }
    return "none";
  };
  Case other = case_;
  other.options.batch_size = 12;
  EXPECT_NE(refusal(other).find(
                "the checkpoint belongs to another run: the batch size is '24' there and '12' here"),
            std::string::npos);
  other = case_;
  other.options.checkpoints.configuration = "mlp";
  EXPECT_NE(refusal(other).find("the configuration is '' there and 'mlp' here"), std::string::npos);
  other = case_;
  other.options.checkpoints.given = {{"the crc32 of the training labels", "2"}};
  EXPECT_NE(refusal(other).find("the crc32 of the training labels is '1' there and '2' here"),
            std::string::npos);
  other = case_;
  other.layers = "flatten, linear 2";
  EXPECT_NE(refusal(other).find("loaded optimizer state"), std::string::npos);
  other = case_;
  other.optimizer = "adamw";
  EXPECT_NE(refusal(other).find("is for adam; this optimizer is adamw"), std::string::npos);
}

TEST_F(Damaged, WhatAnOlderBasinDidNotSaveIsNotCompared) {
  case_.options.checkpoints.given["the crc32 of the test labels"] = "3";
  EXPECT_EQ(warnings(), std::vector<std::string>());
}

TEST_F(Damaged, AFieldThatCameLaterIsNotCompared) {
  const auto refused = [&](const std::string& there, const std::string& here) {
    fs::remove_all(folder_ / "run");
    case_.options.checkpoints.configuration = there;
    begin();
    case_.options.checkpoints.configuration = here;
    Watcher watcher;
    try {
      session(case_, watcher);
    } catch (const InputError&) {
      return true;
    }
    return false;
  };
  EXPECT_FALSE(refused(R"({"config": {"init": "a"}})", R"({"config": {"init": "a", "later": 1}})"));
  EXPECT_TRUE(refused(R"({"config": {"init": "a"}})", R"({"config": {"init": "b", "later": 1}})"));
  EXPECT_TRUE(
      refused(R"({"config": {"knobs": {"lr": 1}}})", R"({"config": {"knobs": {"lr": 1, "eps": 2}}})"));
}

TEST_F(Damaged, AnotherProgramIsTold) {
  case_.options.checkpoints.program = "program 2";
  const auto said = warnings();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find("was written with basin "), std::string::npos) << said[0];
  EXPECT_NE(said[0].find(", program 1 and is resumed with "), std::string::npos) << said[0];
  EXPECT_NE(said[0].find(", program 2: the bits may differ"), std::string::npos) << said[0];
}

TEST_F(Resume, ADiskThatIsFullCostsTheCheckpointAlone) {
  Case c;
  std::ofstream(folder_ / "run") << "no folder can be made here";
  c.options.checkpoints = {.folder = folder_ / "run", .every = 0};
  Interrupter watcher(1000);
  const auto outcome = session(c, watcher);
  EXPECT_EQ(difference(straight({}), *outcome), "");
  ASSERT_EQ(watcher.warnings.size(), 9u);
  EXPECT_EQ(watcher.warnings[0].find("no checkpoint was written: "), 0u);
}

TEST_F(Resume, TellsOfTheEpochsBefore) {
  struct Rows : Interrupter {
    using Interrupter::Interrupter;
    void on_epoch(const Row& row) override { epochs.push_back(row.epoch); }
    std::vector<int> epochs;
  };
  Case c;
  c.options.checkpoints = {.folder = folder_ / "run"};
  Rows first(7), second(1000);
  session(c, first);
  session(c, second);
  EXPECT_EQ(first.epochs, (std::vector{1, 2}));
  EXPECT_EQ(second.epochs, (std::vector{1, 2, 3}));
}

// --- a checkpoint as a value: what a run of fit has not got

TEST(Checkpoint, HoldsAMeanOfTheWeights) {
  const torch::Tensor x = torch::rand({3, 2}).requires_grad_(), y = torch::rand({3, 2}).requires_grad_();
  optim::Of<rules::Sgd> optimizer({x});
  optim::Names names;
  names.insert("x", x);
  optim::WeightAverage whole({x}, {.decay = 0.9}), resumed({y}, {.decay = 0.9});
  whole.update();
  const Checkpoint checkpoint{.optimizer = named_state(optimizer, names), .average = whole.state()};
  const EncodedCheckpoint bytes = encode(checkpoint);
  resumed.resume(*decode(bytes).average);
  EXPECT_EQ(resumed.averaged(), 1);
  EXPECT_TRUE(torch::equal(resumed.averages()[0], whole.averages()[0]));
  EXPECT_THROW(decode({"{}", bytes.tensors}), InputError);
  EXPECT_THROW(decode({bytes.state, bytes.tensors.substr(0, 8)}), InputError);
}

TEST(Checkpoint, MayHoldTheGeneratorAsTheFirstOnesDid) {
  EncodedCheckpoint older = encode({.weights = {{"w", torch::ones(2)}}});
  older.tensors = tensor_bytes(
      {{"weights/w", torch::ones(2)}, {"generator", at::detail::getDefaultCPUGenerator().get_state()}});
  EXPECT_TRUE(torch::equal(decode(older).weights.at(0).second, torch::ones(2)));
}

TEST(Checkpoint, IsRefusedWithATensorThatNothingNeeds) {
  EncodedCheckpoint more = encode({.weights = {{"w", torch::ones(2)}}});
  more.tensors = tensor_bytes({{"weights/w", torch::ones(2)}, {"optimizer/exp_avg/w", torch::ones(2)}});
  EXPECT_THROW(decode(more), InputError);
}

TEST(Checkpoint, KeepsNumbersThatJsonDoesNotHave) {
  Checkpoint checkpoint;
  checkpoint.fit.rows = {{.epoch = 1,
                          .seconds = 0.1,
                          .lr = -0.0,
                          .train = {{"loss", INFINITY}, {"accuracy", std::nan("")}},
                          .validation = {{"loss", -INFINITY}, {"accuracy", 1e-310}}}};
  checkpoint.stopping = CallbackState{.best = std::nan("")};
  const Checkpoint back = decode(encode(checkpoint));
  const Row& row = back.fit.rows.at(0);
  EXPECT_TRUE(std::isnan(value_of(row.train, "accuracy")) && std::signbit(row.lr) &&
              std::isnan(*back.stopping->best));
  EXPECT_EQ(value_of(row.train, "loss"), INFINITY);
  EXPECT_EQ(value_of(row.validation, "loss"), -INFINITY);
  EXPECT_EQ(value_of(row.validation, "accuracy"), 1e-310);
}

TEST(TensorFile, KeepsEveryTypeAndTheValuesOfAnyLayout) {
  NamedTensors tensors;
  for (const auto type : {torch::kFloat64, torch::kBFloat16, torch::kHalf, torch::kInt64, torch::kInt32,
                          torch::kInt16, torch::kInt8, torch::kUInt8, torch::kBool})
    tensors.emplace_back(
        torch::toString(type),
        torch::arange(0, 24).reshape({2, 3, 2, 2}).to(type).contiguous(at::MemoryFormat::ChannelsLast));
  tensors.emplace_back("empty", torch::empty({0, 3}));
  tensors.emplace_back("scalar", torch::tensor(3.5f));
  const std::string bytes = tensor_bytes(tensors);
  const auto back = tensors_of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  ASSERT_EQ(back.size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    const auto found = std::ranges::find(back, name, [](const auto& t) { return t.first; });
    EXPECT_EQ(found->second.scalar_type(), tensor.scalar_type());
    EXPECT_TRUE(torch::equal(found->second, tensor)) << name;
  }
  EXPECT_THROW(tensor_bytes({{"z", torch::zeros(1, torch::kComplexDouble)}}), InputError);
}

}  // namespace
}  // namespace basin::train
