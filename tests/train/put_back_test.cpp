// What training, evaluation and the range test change temporarily is restored after each way out: an
// exception from the forward pass, from the examples, from the watcher, from a checkpoint.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <stdexcept>

#include "basin/core/error.hpp"
#include "basin/optim/modes.hpp"
#include "basin/train/find_rate.hpp"
#include "basin/train/fit.hpp"
#include "basin/train/generator.hpp"
#include "basin/train/weights.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::train {
namespace {

constexpr int never = 1 << 30;

// Throws at its n-th call.
class Fuse {
 public:
  explicit Fuse(int n = never) : left_(n) {}
  void burn() {
    if (--left_ == 0) throw std::runtime_error("the fuse has burnt");
  }

 private:
  int left_;
};

// One layer is frozen, in evaluation mode while the others train.
struct Frozen : nn::Network {
  Frozen() {
    norm = register_module("norm", torch::nn::BatchNorm1d(6));
    hidden = register_module("hidden", torch::nn::Linear(6, 4));
    head = register_module("head", torch::nn::Sequential(torch::nn::Dropout(0.2), torch::nn::Linear(4, 2)));
    nn::initialize(*this, "default", 1, 0);
    norm->eval();
  }
  torch::Tensor forward(torch::Tensor x) override {
    fuse.burn();
    return head->forward(hidden->forward(norm->forward(x)).tanh());
  }
  void scale_to_unit_variance(torch::Tensor x) override { forward(x); }
  torch::nn::BatchNorm1d norm{nullptr};
  torch::nn::Linear hidden{nullptr};
  torch::nn::Sequential head{nullptr};
  Fuse fuse;
};

std::vector<bool> modes(const torch::nn::Module& module) {
  std::vector<bool> out{module.is_training()};
  for (const auto& child : module.children())
    for (const bool mode : modes(*child)) out.push_back(mode);
  return out;
}

Batch plane(std::int64_t n) {
  const torch::Tensor x = torch::sin(torch::arange(0, n * 6) * 7).reshape({n, 6});
  return {x, (x.sum(1) > 0).to(torch::kInt64)};
}

struct FailingExamples : Examples {
  std::int64_t count(Part part) const override { return all->count(part); }
  Batch gather(Part part, std::span<const std::uint32_t> positions) override {
    fuse.burn();
    return all->gather(part, positions);
  }
  std::unique_ptr<Examples> all = tensor_examples(plane(20), plane(9), plane(9));
  Fuse fuse;
};

void expect_same(const Weights& a, const Weights& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(torch::equal(a[i].second, b[i].second)) << a[i].first;
}

// Records the weights that are being trained.
struct FailingWatcher : Watcher {
  void on_batch(const Progress&) override {
    last = snapshot(*network);
    fuse.burn();
  }
  void on_epoch(const Row&) override { fuse.burn(); }
  bool cancelled() override {
    fuse.burn();
    return false;
  }
  const nn::Network* network = nullptr;
  Weights last;
  Fuse fuse;
};

class PutBack : public ::testing::Test {
 protected:
  struct Run {
    explicit Run(const std::string& chain) : optimizer(network.parameters(), kernels::Chain::parse(chain)) {}
    Frozen network;
    FailingExamples examples;
    FailingWatcher watcher;
    optim::Optimizer optimizer;
  };

  // Trains with a fuse in one place, of every length until it lasts. Returns how often it has burnt.
  int burn_all(const std::string& chain, const FitOptions& options, const std::function<Fuse&(Run&)>& fuse) {
    for (int n = 1;; ++n) {
      SCOPED_TRACE(chain + ", call " + std::to_string(n));
      Run run(chain);
      fuse(run) = Fuse(n);
      run.watcher.network = &run.network;
      run.watcher.last = snapshot(run.network);
      const std::vector<bool> before = modes(run.network);
      const double rate = run.optimizer.rule().lr();
      try {
        fit(run.network, run.optimizer, run.examples, options, run.watcher);
        return n - 1;
      } catch (const std::runtime_error&) {
        EXPECT_EQ(modes(run.network), before);
        EXPECT_EQ(run.optimizer.mode(), Mode::train);
        EXPECT_EQ(run.optimizer.rule().lr(), rate);
        for (const torch::Tensor& p : run.network.parameters()) EXPECT_FALSE(p.grad().defined());
        expect_nearly_same(run);
      }
      if (HasFailure()) return n;
    }
  }
  // A rule that is evaluated at another point than it is trained at returns to it except for rounding. A
  // layer's batch statistics change with the forward pass.
  static void expect_nearly_same(const Run& run) {
    const auto is_weight = [](const std::string& name) {
      return name.find("weight") != std::string::npos || name.find("bias") != std::string::npos;
    };
    const Weights now = snapshot(run.network);
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (!is_weight(now[i].first)) continue;
      EXPECT_TRUE(torch::allclose(now[i].second, run.watcher.last[i].second, 1e-6, 1e-7)) << now[i].first;
    }
  }
};

const FitOptions of_everything() {
  return {.epochs = 2,
          .batch_size = 8,
          .micro_batch = 5,
          .regularization = {.ema = 0.5, .asam = 0.3},
          .schedules = parse_schedules("warmup 3, cosine")};
}

TEST_F(PutBack, WhenTheForwardPassThrows) {
  const auto network = [](Run& run) -> Fuse& { return run.network.fuse; };
  EXPECT_EQ(burn_all("adam", of_everything(), network),
            2 * (2 * 5 + 1));  // both gradients of 5 pieces; an evaluation
  EXPECT_EQ(burn_all("schedule_free_sgd", {.epochs = 2, .batch_size = 8}, network), 2 * (3 + 1));
  EXPECT_GE(burn_all("sophia:lr=0", {.epochs = 2, .batch_size = 8}, network), 2 * (3 + 1) + 1);
}

TEST_F(PutBack, WhenTheExamplesThrow) {
  const auto examples = [](Run& run) -> Fuse& { return run.examples.fuse; };
  EXPECT_EQ(burn_all("adam", of_everything(), examples), 2 * (2 * 5 + 1));
  EXPECT_EQ(burn_all("schedule_free_sgd", {.epochs = 2, .batch_size = 8}, examples), 2 * (3 + 1));
}

TEST_F(PutBack, WhenTheWatcherThrows) {
  const auto watcher = [](Run& run) -> Fuse& { return run.watcher.fuse; };
  EXPECT_EQ(burn_all("adam", of_everything(), watcher), 2 * (3 + 3 + 1));
  EXPECT_EQ(burn_all("schedule_free_sgd", {.epochs = 2, .batch_size = 8}, watcher), 2 * (3 + 3 + 1));
}

// Neither the gradient of the pieces before it threw nor an earlier one may remain.
TEST_F(PutBack, ARunAfterOneThatThrewIsTheRunAlone) {
  const FitOptions options{.epochs = 2, .batch_size = 8, .micro_batch = 5};
  const auto weights_after = [&](bool after_another) {
    Run run("adam");
    if (after_another) {
      run.network.fuse = Fuse(2);
      EXPECT_THROW(fit(run.network, run.optimizer, run.examples, options, run.watcher), std::runtime_error);
      for (torch::Tensor& p : run.network.parameters()) p.mutable_grad() = torch::ones_like(p);
      nn::initialize(run.network, "default", 1, 0);
      run.network.norm->reset_running_stats();
    }
    run.watcher.network = &run.network;
    fit(run.network, run.optimizer, run.examples, options, run.watcher);
    return snapshot(run.network);
  };
  expect_same(weights_after(true), weights_after(false));
}

TEST_F(PutBack, WhenACheckpointIsOfAnotherRun) {
  const study::TemporaryFolder folder;
  const auto options = [&](const char* schedules) {
    return FitOptions{.epochs = 2,
                      .batch_size = 8,
                      .schedules = parse_schedules(schedules),
                      .checkpoints = {.folder = folder / "run", .every = 0}};
  };
  Run first("adam");
  first.watcher.network = &first.network;
  first.watcher.fuse = Fuse(9);
  EXPECT_THROW(fit(first.network, first.optimizer, first.examples, options("linear"), first.watcher),
               std::runtime_error);
  Run other("adam");
  torch::manual_seed(3);
  for (torch::Tensor& p : other.network.parameters()) p.data().normal_();
  const Weights before = snapshot(other.network);
  const torch::Tensor random = generator_state();
  // The optimizer fits, the schedule does not.
  EXPECT_THROW(fit(other.network, other.optimizer, other.examples, options("cosine"), other.watcher),
               InputError);
  expect_same(snapshot(other.network), before);
  EXPECT_EQ(other.optimizer.state_bytes(), 0);
  EXPECT_EQ(other.optimizer.rule().lr(), 0.001);
  EXPECT_TRUE(torch::equal(generator_state(), random));
}

TEST_F(PutBack, ByEvaluation) {
  Frozen network;
  FailingExamples examples;
  const std::vector<bool> before = modes(network);
  evaluate(network, examples, Part::test, losses::Loss{}, {}, 4);
  EXPECT_EQ(modes(network), before);
  network.fuse = Fuse(2);
  EXPECT_THROW(evaluate(network, examples, Part::test, losses::Loss{}, {}, 4), std::runtime_error);
  EXPECT_EQ(modes(network), before);
  examples.fuse = Fuse(2);
  EXPECT_THROW(evaluate(network, examples, Part::test, losses::Loss{}, {}, 4), std::runtime_error);
  EXPECT_EQ(modes(network), before);
  EXPECT_TRUE(torch::GradMode::is_enabled());
}

TEST_F(PutBack, ByTheRangeTest) {
  for (const int n : {1, 2, 7, never})
    for (const bool of_network : {true, false}) {
      Frozen network;
      FailingExamples examples;
      network.forward(plane(5).inputs).sum().backward();
      const std::vector<bool> modes_before = modes(network);
      const Weights before = snapshot(network);
      std::vector<torch::Tensor> gradients;
      for (const torch::Tensor& p : network.parameters()) gradients.push_back(p.grad().clone());
      const torch::Tensor random = generator_state();
      (of_network ? network.fuse : examples.fuse) = Fuse(n);
      const auto test = [&] {
        range_losses(network, kernels::Chain::parse("adam"), examples, {.steps = 20}, {.batch_size = 8});
      };
      if (n == never)
        EXPECT_NO_THROW(test());
      else
        EXPECT_THROW(test(), std::runtime_error);
      EXPECT_EQ(modes(network), modes_before);
      expect_same(snapshot(network), before);
      for (std::size_t i = 0; i < gradients.size(); ++i)
        EXPECT_TRUE(torch::equal(network.parameters()[i].grad(), gradients[i]));
      EXPECT_TRUE(torch::equal(generator_state(), random));
    }
}

TEST_F(PutBack, ByAnInitializerThatLooksAtExamples) {
  Frozen network;
  const std::vector<bool> before = modes(network);
  nn::initialize(network, "lsuv", 1, 0, plane(5).inputs);
  EXPECT_EQ(modes(network), before);
  network.fuse = Fuse(1);
  EXPECT_THROW(nn::initialize(network, "lsuv", 1, 0, plane(5).inputs), std::runtime_error);
  EXPECT_EQ(modes(network), before);
}

}  // namespace
}  // namespace basin::train
