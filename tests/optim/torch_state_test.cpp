// Optimizers in PyTorch's terms and back. tests/optim/torch_state_judge.py asks PyTorch itself.
#include "basin/optim/torch_state.hpp"

#include <algorithm>
#include <cmath>

#include "basin/optim/torch_optim.hpp"
#include "basin/rules/adagrad.hpp"
#include "basin/rules/adam.hpp"
#include "basin/rules/nadam.hpp"
#include "basin/rules/sgd.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using kernels::Chain;
using torch::Tensor;

// Simulates another process: nothing is shared with what was saved.
TorchState copy_of(TorchState state) {
  for (auto& [name, parameter] : state.parameters)
    for (auto& [slot, tensor] : parameter.slots) tensor = tensor.clone();
  return state;
}

class TorchStateOf : public ::testing::TestWithParam<const char*> {};

TEST_P(TorchStateOf, ContinuesWithTheSameBits) {
  Problem whole, resumed;
  const Chain chain = Chain::parse(GetParam());
  Optimizer straight(whole.parameters(), chain), first(resumed.parameters(), chain);
  Optimizer second(resumed.parameters(), Chain(kernels::AnyRule::named(chain.rule.info().name)));
  train(whole, straight, 9);
  train(resumed, first, 4);
  restore(second, copy_of(torch_state(first, resumed.net->named_parameters())),
          resumed.net->named_parameters());
  EXPECT_EQ(second.chain(), chain) << "every option is restored";
  train(resumed, second, 5);
  EXPECT_EQ(difference(whole, resumed), 0);
}
INSTANTIATE_TEST_SUITE_P(
    Classes, TorchStateOf,
    ::testing::Values("sgd:lr=0.1", "maximize+sgd:weight_decay=0.1", "momentum:dampening=0.3",
                      "nesterov:momentum=0.8", "rmsprop", "rmsprop_momentum:alpha=0.9", "rmsprop_centered",
                      "rmsprop_centered_momentum", "adagrad:lr_decay=0.1:initial_accumulator_value=0.2",
                      "adam:beta2=0.99", "amsgrad", "adamw:weight_decay=0.2", "amsgradw", "maximize+adamw",
                      "nadam:momentum_decay=0.01", "nadam+decay:0.2", "radam+decay", "radam:weight_decay=0.1",
                      "adamax:eps=1e-06"),
    [](const auto& text) {
      std::string name = text.param;
      std::ranges::replace_if(name, [](unsigned char c) { return !std::isalnum(c); }, '_');
      return name;
    });

TorchOptions options_of(const char* chain) { return torch_class(Chain::parse(chain)).options; }

TEST(TorchClassOf, SaysWhatPyTorchSays) {
  EXPECT_EQ(torch_class(Chain::parse("amsgradw")).name, "AdamW");
  EXPECT_EQ(options_of("amsgrad"), (TorchOptions{{"lr", 1e-3},
                                                 {"beta1", 0.9},
                                                 {"beta2", 0.999},
                                                 {"eps", 1e-8},
                                                 {"weight_decay", 0.0},
                                                 {"amsgrad", true},
                                                 {"maximize", false},
                                                 {"decoupled_weight_decay", false}}));
  EXPECT_EQ(options_of("maximize+nesterov"), (TorchOptions{{"lr", 1e-2},
                                                           {"momentum", 0.9},
                                                           {"dampening", 0.0},
                                                           {"weight_decay", 0.0},
                                                           {"nesterov", true},
                                                           {"maximize", true}}));
  EXPECT_EQ(std::get<double>(options_of("nadam+decay:0.3").at("weight_decay")), 0.3);
  EXPECT_EQ(std::get<bool>(options_of("nadam+decay:0.3").at("decoupled_weight_decay")), true);
}

TEST(TorchClassOf, RefusesWhatPyTorchHasNoWordFor) {
  const auto refused = [](const char* chain) { return refusal([&] { torch_class(Chain::parse(chain)); }); };
  EXPECT_EQ(refused("lion"),
            "torch.optim has no known class for lion; known are SGD, RMSprop, Adagrad, AdamW, "
            "Adam, NAdam, RAdam and Adamax");
  EXPECT_EQ(refused("clip_value:1+adam"), "torch.optim.Adam has no option for the link clip_value");
  EXPECT_EQ(refused("adam+decay"), "torch.optim.Adam has no option for the link decay");
  EXPECT_EQ(refused("nadam:weight_decay=0.1+decay"), "torch.optim.NAdam has no option for the link decay");
}

TEST(ChainOf, ReadsTheOptionsOfEveryVersion) {
  const Chain plain = Chain::parse("adam");
  const auto read = [&](const char* name, TorchOptions options) {
    return chain_of({name, std::move(options)}, plain, "");
  };
  TorchOptions adam = options_of("adam");
  adam.erase("decoupled_weight_decay"), adam.erase("maximize");  // PyTorch 1.10
  adam["foreach"] = true, adam["fused"] = false;
  EXPECT_EQ(read("Adam", adam), plain);
  adam["decoupled_weight_decay"] = true;  // PyTorch 2.7
  EXPECT_EQ(read("Adam", adam).rule.info().name, "adamw");
  TorchOptions sgd = options_of("sgd");
  sgd["dampening"] = 0.5;  // without momentum
  EXPECT_EQ(read("SGD", sgd), Chain::parse("sgd"));
}

TEST(ChainOf, KeepsLinksThatPyTorchHasOutsideOfItsOptimizers) {
  const Chain own = Chain::parse("maximize+clip_global_norm:2+nadam+cautious");
  EXPECT_EQ(chain_of({"NAdam", options_of("nadam")}, own, ""),
            Chain::parse("clip_global_norm:2+nadam+cautious"));
  EXPECT_EQ(chain_of({"NAdam", options_of("maximize+nadam+decay:0.1")}, own, ""),
            Chain::parse("maximize+clip_global_norm:2+nadam+decay:0.1+cautious"));
}

TEST(ChainOf, SaysWhichOptionIsWrong) {
  TorchOptions options = options_of("nesterov");
  const auto refused = [&](const char* name) {
    return refusal([&] { chain_of({name, options}, Chain::parse("sgd"), " in group 1"); });
  };
  options["dampening"] = 0.1;
  EXPECT_EQ(refused("SGD"),
            "loaded optimizer state asks for nesterov with dampening, which SGD does not have in group 1");
  options = options_of("adam");
  options["ams"] = true;
  EXPECT_EQ(refused("Adam"),
            "loaded optimizer state has an option 'ams', which Adam here does not have in group 1");
  options = options_of("adam");
  options.erase("eps");
  EXPECT_EQ(refused("Adam"), "loaded optimizer state lacks the option 'eps' of Adam in group 1");
  options["eps"] = -1.0;
  EXPECT_EQ(refused("Adam"), "adam: eps = -1 is outside its range; it must be 0 or more, and finite");
  EXPECT_EQ(
      refused("LBFGS"),
      "loaded optimizer state is for LBFGS, which is not a known class; known are SGD, RMSprop, Adagrad, "
      "AdamW, Adam, NAdam, RAdam and Adamax");
}

// With libtorch's classes, which store options and state in libtorch's types.
template <class Class, class Options>
void expect_same_bits_of(const Options& options) {
  Problem whole, resumed;
  Class straight(whole.parameters(), options), first(resumed.parameters(), options);
  Class second(resumed.parameters(), Options(0.5));
  train(whole, straight, 9);
  train(resumed, first, 4);
  restore(second, copy_of(torch_state(first, resumed.net->named_parameters())),
          resumed.net->named_parameters());
  train(resumed, second, 5);
  EXPECT_EQ(difference(whole, resumed), 0);
}

TEST(TorchState, IsOfLibtorchsClassesToo) {
  expect_same_bits_of<SGD>(torch::optim::SGDOptions(0.1));
  expect_same_bits_of<SGD>(torch::optim::SGDOptions(0.1).momentum(0.9).dampening(0.2));
  expect_same_bits_of<Adagrad>(torch::optim::AdagradOptions(0.1).lr_decay(0.1));
  expect_same_bits_of<RMSprop>(torch::optim::RMSpropOptions(0.01).centered(true).momentum(0.5));
  expect_same_bits_of<Adam>(torch::optim::AdamOptions(0.01).amsgrad(true));
  expect_same_bits_of<AdamW>(torch::optim::AdamWOptions(0.01));
}

class TorchNAdam : public ::testing::Test {
 protected:
  TorchNAdam() : optimizer_(problem_.parameters(), {.lr = 0.01}), names_(problem_.net->named_parameters()) {
    train(problem_, optimizer_, 3);
    state_ = copy_of(torch_state(optimizer_, names_));
  }
  std::string refused() {
    const Tensor before = slot().clone();
    const std::string out = refusal([&] { restore(optimizer_, state_, names_); });
    EXPECT_TRUE(torch::equal(before, slot())) << "it was refused and yet changed";
    return out;
  }
  Tensor slot() { return torch_state(optimizer_, names_).parameters.at("0.weight").slots.at("exp_avg"); }

  Problem problem_;
  Of<rules::NAdam> optimizer_;
  Names names_;
  TorchState state_;
};

TEST_F(TorchNAdam, SaysWhatItHolds) {
  EXPECT_EQ(state_.name, "NAdam");
  ASSERT_EQ(state_.groups.size(), 1u);
  EXPECT_EQ(std::get<double>(state_.groups[0].options.at("lr")), 0.01);
  EXPECT_EQ(state_.groups[0].parameters,
            (std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias"}));
  const TorchState::Parameter& one = state_.parameters.at("2.bias");
  EXPECT_EQ(one.numbers.at("step"), 3);
  EXPECT_NEAR(one.numbers.at("mu_product"), std::pow(0.45, 3), 1e-3);
  EXPECT_EQ(one.slots.size(), 2u);
}

TEST_F(TorchNAdam, RefusesAStateThatDoesNotFit) {
  const TorchState right = state_;
  TorchState::Parameter& one = state_.parameters.at("2.bias");
  one.slots.erase("exp_avg");
  EXPECT_EQ(refused(), "loaded optimizer state lacks exp_avg of '2.bias'");
  one.slots["exp_avg"] = torch::zeros({2});
  EXPECT_EQ(
      refused(),
      "loaded optimizer state has exp_avg of '2.bias' of shape [2] and type Double; wanted [1] and Double");
  one.slots["exp_avg"] = torch::zeros({1});
  one.slots["exp_inf"] = torch::zeros({1});
  EXPECT_EQ(refused(), "loaded optimizer state has a slot 'exp_inf' of '2.bias', which nadam does not have");
  state_ = right;
  state_.parameters.at("2.bias").numbers["step"] = 2.5;
  EXPECT_EQ(refused(), "loaded optimizer state has 2.5 steps of '2.bias'; wanted a whole number");
  state_.parameters.at("2.bias").numbers = {{"step", 3}};
  EXPECT_EQ(refused(), "loaded optimizer state lacks mu_product of '2.bias'");
  state_.parameters.at("2.bias").numbers = {{"step", 3}, {"mu_product", 1}, {"eta", 1}};
  EXPECT_EQ(refused(), "loaded optimizer state has eta of '2.bias', which NAdam does not have");
}

TEST_F(TorchNAdam, TellsANameTooManyFromOneTooFew) {
  const TorchState right = state_;
  state_.groups[0].parameters.push_back("4.weight");
  EXPECT_EQ(
      refused(),
      "loaded optimizer state has a parameter '4.weight' in group 0, which this optimizer does not have");
  state_.groups[0].parameters = {"0.weight", "0.bias", "2.weight"};
  state_.parameters.erase("2.bias");
  EXPECT_EQ(refused(), "loaded optimizer state lacks the parameter '2.bias' in group 0");
  state_ = right;
  state_.parameters["4.weight"] = state_.parameters["2.bias"];
  EXPECT_EQ(refused(), "loaded optimizer state has a state of '4.weight', which is in none of its groups");
  state_ = right;
  state_.groups.push_back(state_.groups[0]);
  EXPECT_EQ(refused(), "loaded optimizer state has 2 groups; this optimizer has 1");
  state_ = {"Adam", {{options_of("adam"), right.groups[0].parameters}}, {}};
  EXPECT_EQ(refused(), "loaded optimizer state is for adam; this optimizer is nadam");
}

// PyTorch stores the state of a 16-bit parameter in 16 bits.
TEST(TorchState, TakesSlotsOfOtherFloatingTypes) {
  Names names;
  const Tensor weight = names.insert("w", torch::ones(3, torch::kBFloat16).requires_grad_());
  Of<rules::Adam> optimizer({weight});
  TorchState state{"Adam", {{options_of("adam"), {"w"}}}, {}};
  const Tensor half = torch::full(3, 0.5, torch::kBFloat16);
  state.parameters["w"] = {{{"step", 2}}, {{"exp_avg", half}, {"exp_avg_sq", half}}};
  restore(optimizer, state, names);
  const NamedState::Parameter now = named_state(optimizer, names).parameters.at("w");
  EXPECT_EQ(now.step, 2);
  EXPECT_TRUE(torch::equal(now.slots.at("exp_avg"), torch::full(3, 0.5)));
}

TEST(TorchState, OfAdagradIsThereBeforeItsFirstStep) {
  Problem problem;
  Of<rules::Adagrad> optimizer(problem.parameters(), {.initial_accumulator_value = 0.25});
  const TorchState state = torch_state(optimizer, problem.net->named_parameters());
  EXPECT_EQ(state.parameters.size(), 4u);
  EXPECT_EQ(state.parameters.at("0.bias").numbers.at("step"), 0);
  EXPECT_TRUE(
      torch::equal(state.parameters.at("0.bias").slots.at("sum"), torch::full(3, 0.25, torch::kFloat64)));
}

TEST(TorchState, IsOfOneClass) {
  Problem problem;
  const auto all = problem.parameters();
  Optimizer optimizer({group<rules::Adam>({all[0], all[1]}, {}), group<rules::Sgd>({all[2], all[3]}, {})},
                      Chain::parse("adam"));
  EXPECT_EQ(refusal([&] { torch_state(optimizer, problem.net->named_parameters()); }),
            "group 0 is Adam of torch.optim and group 1 SGD; an optimizer of PyTorch is one class");
}

}  // namespace
}  // namespace basin::optim
