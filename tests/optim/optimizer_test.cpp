#include "basin/optim/optimizer.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <sstream>

namespace basin::optim {
namespace {

using torch::Tensor;

// A small network with fixed weights and a loss that wanders enough to move every term of a rule.
struct Problem {
  explicit Problem(torch::ScalarType type = torch::kFloat64) {
    torch::manual_seed(7);
    net = torch::nn::Sequential(torch::nn::Linear(2, 3), torch::nn::Sigmoid(), torch::nn::Linear(3, 1),
                                torch::nn::Sigmoid());
    net->to(type);
    inputs = torch::rand({16, 2}, type);
    targets = torch::rand({16, 1}, type);
  }
  Tensor loss() { return torch::mse_loss(net->forward(inputs), targets); }
  std::vector<Tensor> parameters() const { return net->parameters(); }
  torch::nn::Sequential net{nullptr};
  Tensor inputs, targets;
};

template <class O>
void train(Problem& problem, O& optimizer, int steps) {
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    problem.loss().backward();
    optimizer.step();
  }
}

double difference(const Problem& a, const Problem& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.parameters().size(); ++i)
    worst = std::max(worst, (a.parameters()[i] - b.parameters()[i]).abs().max().item<double>());
  return worst;
}

// Closed loop in double: 100 steps round some 1e-16 each; further on RMSProp circles its minimum and doubles every
// difference within a few steps, in libtorch against itself, too. 1e-12 leaves room.
template <class Theirs, class Ours>
void expect_same_path(const std::function<Theirs(const Problem&)>& theirs,
                      const std::function<Ours(const Problem&)>& ours) {
  Problem a, b;
  Theirs torch_optimizer = theirs(a);
  Ours basin_optimizer = ours(b);
  train(a, torch_optimizer, 100);
  train(b, basin_optimizer, 100);
  EXPECT_LT(difference(a, b), 1e-12);
  EXPECT_GT(difference(b, Problem()), 1e-3) << "nothing moved";
}

TEST(Optimizer, FollowsTorchSgd) {
  expect_same_path<torch::optim::SGD, Sgd>(
      [](const Problem& p) {
        return torch::optim::SGD(p.parameters(), torch::optim::SGDOptions(0.1).weight_decay(0.01));
      },
      [](const Problem& p) { return Sgd(p.parameters(), {.lr = 0.1, .weight_decay = 0.01}); });
}
TEST(Optimizer, FollowsTorchMomentum) {
  expect_same_path<torch::optim::SGD, Momentum>(
      [](const Problem& p) {
        return torch::optim::SGD(
            p.parameters(), torch::optim::SGDOptions(0.1).momentum(0.9).dampening(0.2).weight_decay(0.01));
      },
      [](const Problem& p) {
        return Momentum(p.parameters(), {.lr = 0.1, .dampening = 0.2, .weight_decay = 0.01});
      });
}
TEST(Optimizer, FollowsTorchNesterov) {
  expect_same_path<torch::optim::SGD, Nesterov>(
      [](const Problem& p) {
        return torch::optim::SGD(p.parameters(), torch::optim::SGDOptions(0.1).momentum(0.9).nesterov(true));
      },
      [](const Problem& p) { return Nesterov(p.parameters(), {.lr = 0.1}); });
}
TEST(Optimizer, FollowsTorchAdagrad) {
  expect_same_path<torch::optim::Adagrad, Adagrad>(
      [](const Problem& p) {
        return torch::optim::Adagrad(
            p.parameters(),
            torch::optim::AdagradOptions(0.1).lr_decay(0.01).weight_decay(0.01).initial_accumulator_value(
                0.1));
      },
      [](const Problem& p) {
        return Adagrad(p.parameters(),
                       {.lr = 0.1, .lr_decay = 0.01, .weight_decay = 0.01, .initial_accumulator_value = 0.1});
      });
}
TEST(Optimizer, FollowsTorchRmsProp) {
  expect_same_path<torch::optim::RMSprop, RmsProp>(
      [](const Problem& p) {
        return torch::optim::RMSprop(p.parameters(), torch::optim::RMSpropOptions(0.01).weight_decay(0.01));
      },
      [](const Problem& p) { return RmsProp(p.parameters(), {.weight_decay = 0.01}); });
}
TEST(Optimizer, FollowsTorchAdam) {
  expect_same_path<torch::optim::Adam, Adam>(
      [](const Problem& p) {
        return torch::optim::Adam(p.parameters(), torch::optim::AdamOptions(0.01).weight_decay(0.01));
      },
      [](const Problem& p) { return Adam(p.parameters(), {.lr = 0.01, .weight_decay = 0.01}); });
}
TEST(Optimizer, FollowsTorchAdamW) {
  expect_same_path<torch::optim::AdamW, AdamW>(
      [](const Problem& p) {
        return torch::optim::AdamW(p.parameters(), torch::optim::AdamWOptions(0.01).weight_decay(0.1));
      },
      [](const Problem& p) { return AdamW(p.parameters(), {.lr = 0.01, .weight_decay = 0.1}); });
}

TEST(Optimizer, WorksWithStepLr) {
  Problem a, b;
  torch::optim::AdamW theirs(a.parameters(), torch::optim::AdamWOptions(0.1));
  AdamW ours(b.parameters(), {.lr = 0.1});
  torch::optim::StepLR their_schedule(theirs, 2, 0.5), our_schedule(ours, 2, 0.5);
  for (int i = 0; i < 7; ++i) {
    train(a, theirs, 1);
    train(b, ours, 1);
    their_schedule.step();
    our_schedule.step();
    EXPECT_DOUBLE_EQ(ours.rule().lr(), theirs.param_groups()[0].options().get_lr());
  }
  EXPECT_LT(ours.rule().lr(), 0.1);
}

TEST(Optimizer, GroupsHaveTheirOwnKnobsOrAllOfTheDefaults) {
  Problem p;
  const auto all = p.parameters();
  AdamW optimizer({OptimizerParamGroup({all[0], all[1]}), group<rules::AdamW>({all[2], all[3]}, {.lr = 0})},
                  {.lr = 0.1, .weight_decay = 0});
  EXPECT_EQ(optimizer.rule(0).lr(), 0.1);
  EXPECT_EQ(optimizer.rule(1).get("weight_decay"), 0.01);
  const Tensor moved = all[0].clone(), kept = all[2].clone();
  train(p, optimizer, 1);
  EXPECT_FALSE(torch::equal(moved, all[0]));
  EXPECT_TRUE(torch::equal(kept, all[2]));
}

TEST(Optimizer, ParametersWithoutGradientDoNotAdvance) {
  const Tensor a = torch::ones(3, torch::requires_grad()), b = torch::ones(3, torch::requires_grad());
  Adam optimizer(std::vector<Tensor>{a, b}, {.lr = 0.1});
  a.mutable_grad() = torch::ones(3);
  optimizer.step();
  optimizer.step();
  EXPECT_TRUE(torch::equal(b, torch::ones(3)));
  b.mutable_grad() = torch::ones(3);
  optimizer.step();
  // The first step of Adam is lr, whatever the gradient: b's own step counts, not the optimizer's.
  EXPECT_NEAR(b[0].item<double>(), 0.9, 1e-6);
}

TEST(Optimizer, AnyMemoryLayoutGivesTheSameNumbers) {
  const Tensor values = torch::rand({4, 3, 5, 5}), gradient = torch::rand({4, 3, 5, 5});
  const auto stepped = [&](Tensor parameter, const Tensor& grad) {
    parameter.requires_grad_();
    parameter.mutable_grad() = grad;
    AdamW optimizer(std::vector<Tensor>{parameter});
    optimizer.step();
    optimizer.step();
    return parameter.detach().contiguous();
  };
  const Tensor expected = stepped(values.clone(), gradient);
  const auto last = at::MemoryFormat::ChannelsLast;
  EXPECT_TRUE(torch::equal(expected, stepped(values.clone().contiguous(last), gradient.contiguous(last))));
  EXPECT_TRUE(torch::equal(expected, stepped(values.clone().contiguous(last), gradient)));
  EXPECT_TRUE(torch::equal(expected, stepped(values.clone(), gradient.contiguous(last))));
  const Tensor wide = torch::zeros({4, 3, 5, 10});
  const Tensor strided = wide.slice(3, 0, 10, 2);
  strided.copy_(values);
  EXPECT_TRUE(torch::equal(expected, stepped(strided.detach(), gradient)));
  EXPECT_EQ(wide.slice(3, 1, 10, 2).abs().sum().item<double>(), 0)
      << "wrote between the elements of a strided parameter";
}

TEST(Optimizer, TakesEmptyAndZeroDimensionalParameters) {
  const Tensor empty = torch::ones(0, torch::requires_grad()),
               scalar = torch::ones({}, torch::requires_grad());
  Sgd optimizer(std::vector<Tensor>{empty, scalar}, {.lr = 0.5});
  empty.mutable_grad() = torch::ones(0);
  scalar.mutable_grad() = torch::ones({});
  optimizer.step();
  EXPECT_EQ(scalar.item<double>(), 0.5);
}

TEST(Optimizer, AClosureIsEvaluatedWithGradientsAndItsLossReturned) {
  Problem p;
  Sgd optimizer(p.parameters(), {.lr = 0.1});
  const torch::NoGradGuard outside;
  const double before = p.loss().item<double>();
  const Tensor loss = optimizer.step([&] {
    optimizer.zero_grad();
    Tensor l = p.loss();
    l.backward();
    return l;
  });
  EXPECT_DOUBLE_EQ(loss.item<double>(), before);
  EXPECT_LT(p.loss().item<double>(), before);
}

TEST(Optimizer, AStepIsSeenByAutograd) {
  const Tensor a = torch::ones(3, torch::requires_grad());
  a.mutable_grad() = torch::ones(3);
  const Tensor loss = (a * a).sum();  // needs a as it is now
  Sgd optimizer(std::vector<Tensor>{a});
  optimizer.step();
  EXPECT_THROW(loss.backward(), c10::Error);
}

TEST(Optimizer, ThreadsDoNotChangeTheBits) {
  const auto run = [](int threads) {
    torch::set_num_threads(threads);
    torch::manual_seed(3);
    const Tensor a = torch::rand(300'001, torch::requires_grad());
    AdamW optimizer(std::vector<Tensor>{a});
    for (int i = 0; i < 3; ++i) {
      a.mutable_grad() = torch::rand(300'001);
      optimizer.step();
    }
    return a.detach();
  };
  const Tensor one = run(1);
  EXPECT_TRUE(torch::equal(one, run(2)));
  EXPECT_TRUE(torch::equal(one, run(3)));
  torch::set_num_threads(1);
}

TEST(Optimizer, ContinuesFromASavedStateWithTheSameBits) {
  Problem whole, resumed;
  Adam straight(whole.parameters(), {.lr = 0.01});
  train(whole, straight, 20);
  Adam first(resumed.parameters(), {.lr = 0.01});
  train(resumed, first, 9);
  std::stringstream file;
  torch::save(first, file);
  Adam second(resumed.parameters(), {.lr = 0.7, .beta1 = 0.1});  // every option is restored
  torch::load(second, file);
  EXPECT_EQ(second.rule().lr(), 0.01);
  EXPECT_EQ(second.rule().get("beta1"), 0.9);
  train(resumed, second, 11);
  EXPECT_EQ(difference(whole, resumed), 0);
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const InputError& e) {
    return e.what();
  }
  return "none";
}

TEST(Optimizer, RefusesAStateThatDoesNotFitAndChangesNothing) {
  Problem p;
  Adam saved(p.parameters());
  train(p, saved, 2);
  std::stringstream file;
  torch::save(saved, file);
  const auto load_into = [&](auto&& optimizer) {
    file.clear();
    file.seekg(0);
    return refusal([&] { torch::load(optimizer, file); });
  };
  EXPECT_EQ(load_into(AdamW(p.parameters())), "loaded optimizer state is of adam; this optimizer is adamw");
  EXPECT_EQ(load_into(Adam(std::vector<Tensor>{p.parameters()[0]})),
            "loaded optimizer state has 4 parameters in group 0; this optimizer has 1");
  auto other = p.parameters();
  std::swap(other[0], other[1]);
  Adam swapped(other, {.lr = 0.5});
  EXPECT_NE(load_into(swapped).find("shape"), std::string::npos);
  EXPECT_EQ(swapped.rule().lr(), 0.5);
  EXPECT_TRUE(swapped.state().empty());
}

TEST(Optimizer, RefusesWhatItCannotStepBeforeAnythingChanges) {
  const Tensor good = torch::ones(3, torch::requires_grad()),
               half = torch::ones(3, torch::kFloat16).requires_grad_();
  good.mutable_grad() = torch::ones(3);
  half.mutable_grad() = torch::ones(3, torch::kFloat16);
  Sgd optimizer(std::vector<Tensor>{good, half});
  EXPECT_EQ(refusal([&] { optimizer.step(); }),
            "sgd: parameter 1 has type Half; it must be float32 or float64");
  EXPECT_TRUE(torch::equal(good, torch::ones(3)));
  EXPECT_THROW(Sgd(std::vector<Tensor>{good}, {.lr = -1}), InputError);
}

TEST(Optimizer, RefusesParametersThatShareMemory) {
  const Tensor block = torch::ones({4, 6});
  const auto make = [](std::vector<Tensor> parameters) {
    return refusal([&] { const Sgd optimizer(std::move(parameters)); });
  };
  EXPECT_EQ(make({block.slice(0, 0, 2), block.slice(0, 2, 4)}), "none") << "disjoint rows";
  EXPECT_EQ(make({block.slice(1, 0, 6, 2), block.slice(1, 1, 6, 2)}), "none")
      << "disjoint columns, interleaved";
  EXPECT_EQ(
      make({block.slice(0, 0, 3), block.slice(0, 2, 4)}),
      "parameter 1 of group 0 shares memory with parameter 0 of group 0; a weight can be optimized once");
  EXPECT_NE(make({block, block}), "none") << "given twice";
  Sgd grown(std::vector<Tensor>{block.slice(0, 0, 3)});
  grown.add_param_group({{block.slice(0, 2, 4)}});
  EXPECT_NE(refusal([&] { grown.step(); }), "none") << "added later";
}

TEST(Optimizer, CountsTheBytesOfItsState) {
  Problem p(torch::kFloat32);
  Adam optimizer(p.parameters());
  EXPECT_EQ(optimizer.state_bytes(), 0);
  train(p, optimizer, 1);
  EXPECT_EQ(optimizer.state_bytes(), 2 * 4 * (2 * 3 + 3 + 3 + 1));
}

}  // namespace
}  // namespace basin::optim
