// Schedules used like libtorch's: PyTorch's rates, resumed anywhere, for every group and knob.
#include "basin/optim/scheduler.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <fstream>
#include <sstream>

#include "basin/core/error.hpp"
#include "basin/optim/optimizer.hpp"
#include "basin/rules/adagrad.hpp"
#include "basin/rules/adam.hpp"
#include "tests/paths.hpp"
#include "tests/refusal.hpp"

namespace basin::optim {
namespace {

constexpr RunLength run{.total = 60, .per_epoch = 10};

torch::Tensor weight() { return torch::ones({3}, torch::requires_grad()); }
double rate_of(torch::optim::Optimizer& optimizer, std::size_t group = 0) {
  return optimizer.param_groups()[group].options().get_lr();
}
double knob_of(Optimizer& optimizer, const char* knob) { return optimizer.rule().get(knob); }

// Each schedule of the golden file, with PyTorch's values for a rate of 1.
std::vector<std::pair<std::string, std::vector<double>>> golden() {
  std::vector<std::pair<std::string, std::vector<double>>> out;
  std::ifstream file(std::string(paths::golden) + "/schedules.csv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    auto& [text, factors] = out.emplace_back();
    std::getline(cells, text, ';');
    for (std::string cell; std::getline(cells, cell, ';');) factors.push_back(std::stod(cell));
  }
  return out;
}

// The tolerance is that of tests/schedules, for a rate of 0.3.
TEST(Scheduler, DrivesLibtorchsOwnOptimizersAsPyTorchDoes) {
  const auto cases = golden();
  ASSERT_GE(cases.size(), 18u);
  for (const auto& [text, factors] : cases) {
    torch::optim::SGD optimizer({weight()}, 0.3);
    Scheduler scheduler(optimizer, text, run);
    for (std::size_t t = 0; t < factors.size(); ++t, scheduler.step())
      EXPECT_NEAR(rate_of(optimizer), 0.3 * factors[t], 0.3e-12) << text << ", step " << t;
  }
}

TEST(Scheduler, GoesOnWithTheSameBitsWhereverItWasSaved) {
  for (const auto& [text, factors] : golden()) {
    torch::optim::SGD optimizer({weight()}, 0.3), resumed({weight()}, 0.7);
    Scheduler scheduler(optimizer, text, run), after(resumed, text, run);
    for (std::size_t t = 0; t < factors.size(); ++t, scheduler.step()) {
      std::stringstream stream;
      torch::serialize::OutputArchive out;
      scheduler.save(out);
      out.save_to(stream);
      torch::serialize::InputArchive in;
      in.load_from(stream);
      after.load(in);
      ASSERT_EQ(rate_of(resumed), rate_of(optimizer)) << text << ", step " << t;
      after.step();
      scheduler.go_to(scheduler.steps() + 1);
      ASSERT_EQ(rate_of(resumed), rate_of(optimizer)) << text << ", after step " << t;
      scheduler.go_to(scheduler.steps() - 1);
    }
  }
}

TEST(Scheduler, EveryGroupKeepsItsOwnBase) {
  Optimizer optimizer({weight()}, kernels::Chain::parse("adam"));
  Scheduler scheduler(optimizer, "linear 10 1 0", run);
  scheduler.go_to(5);
  EXPECT_DOUBLE_EQ(rate_of(optimizer), 0.5e-3);
  optimizer.add_param_group(group({weight()}, rules::Adam{.lr = 0.2}));
  scheduler.step();
  EXPECT_DOUBLE_EQ(rate_of(optimizer, 1), 0.2 * 0.4);
  scheduler.rebase(0.5e-3);
  EXPECT_EQ(scheduler.base("lr", 0), 0.5e-3);
  EXPECT_DOUBLE_EQ(rate_of(optimizer), 0.5e-3 * 0.4);
  EXPECT_DOUBLE_EQ(rate_of(optimizer, 1), 0.1 * 0.4) << "in proportion";
}

TEST(Scheduler, DrivesTheGroupsWhoseRuleHasTheKnob) {
  Optimizer optimizer({weight()}, kernels::Chain::parse("momentum"));
  optimizer.add_param_group(group({weight()}, rules::Adagrad{.lr = 0.2}));
  Scheduler scheduler(optimizer, "linear 10 1 0; momentum: linear 10 1 0", run);
  scheduler.go_to(5);
  EXPECT_DOUBLE_EQ(optimizer.rule(0).get("momentum"), 0.45);
  EXPECT_DOUBLE_EQ(rate_of(optimizer, 1), 0.1);
  EXPECT_EQ(scheduler.base("momentum", 1), 0);
  const std::string adagrads = "momentum: linear; lr_decay: linear", nobodys = "cosine; beta1: linear";
  EXPECT_EQ(refusal([&] { Scheduler(optimizer, adagrads, run); }), "none");
  EXPECT_NE(refusal([&] { Scheduler(optimizer, nobodys, run); }).find("unknown knob 'beta1'"),
            std::string::npos);
}

TEST(Scheduler, DrivesOtherKnobsToo) {
  Optimizer optimizer({weight()}, kernels::Chain::parse("adamw"));
  optimizer.param_groups()[0].options();
  Scheduler scheduler(optimizer, "cosine; weight_decay: linear 10 1 0.5; beta1: drop 3 gamma=0.5", run);
  scheduler.go_to(4);
  EXPECT_DOUBLE_EQ(knob_of(optimizer, "weight_decay"), 0.8e-2);
  EXPECT_DOUBLE_EQ(knob_of(optimizer, "beta1"), 0.45);
  EXPECT_LT(rate_of(optimizer), 1e-3);
}

TEST(Scheduler, RefusesWhatItCannotDrive) {
  Optimizer own({weight()}, kernels::Chain::parse("adam"));
  torch::optim::SGD theirs({weight()}, 0.1);
  EXPECT_EQ(refusal([&] { Scheduler(own, "cosine; momentum: linear", run); }).substr(0, 27),
            "adam: unknown knob 'momentu");
  EXPECT_NE(refusal([&] { Scheduler(theirs, "momentum: linear", run); }).find("only lr can be scheduled"),
            std::string::npos);
  EXPECT_NE(refusal([&] { Scheduler(own, "warmup 60, cosine", run); }).find("leaves no steps"),
            std::string::npos);

  torch::serialize::OutputArchive out;
  Scheduler(own, "cosine", run).save(out);
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  Scheduler other(theirs, "linear", run);
  const double before = rate_of(theirs);
  EXPECT_NE(refusal([&] { other.load(in); }).find("is for the schedules 'lr: cosine'"), std::string::npos);
  EXPECT_EQ(rate_of(theirs), before);
}

}  // namespace
}  // namespace basin::optim
