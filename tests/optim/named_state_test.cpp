// Optimizer state by name: a round trip for every optimizer, and each way in which it may not fit.
#include "basin/optim/named_state.hpp"

#include <algorithm>

#include "basin/optim/torch_optim.hpp"
#include "basin/rules/adam.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

// Simulates another process: nothing is shared with what was saved.
NamedState copy_of(NamedState state) {
  for (auto& [name, parameter] : state.parameters)
    for (auto& [slot, tensor] : parameter.slots) tensor = tensor.clone();
  return state;
}

template <class Make>
void expect_same_bits_after_a_break(const Make& make) {
  Problem whole(torch::kFloat32), resumed(torch::kFloat32);
  const auto straight = make(whole, 0.01), first = make(resumed, 0.01), second = make(resumed, 0.5);
  train(whole, *straight, 9);
  train(resumed, *first, 4);
  restore(*second, copy_of(named_state(*first, resumed.net->named_parameters())),
          resumed.net->named_parameters());
  EXPECT_EQ(second->rule().lr(), straight->rule().lr()) << "every knob is restored";
  train(resumed, *second, 5);
  EXPECT_EQ(difference(whole, resumed), 0);
}

class NamedStateOf : public ::testing::TestWithParam<std::string> {};

TEST_P(NamedStateOf, ContinuesWithTheSameBits) {
  expect_same_bits_after_a_break([](Problem& problem, double lr) {
    kernels::Chain chain = kernels::Chain::parse("clip_global_norm:2+" + GetParam());
    chain.rule.set("lr", lr);
    return std::make_unique<Optimizer>(problem.parameters(), chain);
  });
}

std::vector<std::string> optimizers() {
  std::vector<std::string> names;
  for (const RuleInfo& info : catalogue()) names.push_back(info.name);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, NamedStateOf, ::testing::ValuesIn(optimizers()),
                         [](const auto& name) { return name.param; });

TEST(NamedState, IsOfLibtorchsClassesToo) {
  const auto check = [](auto options) {
    using Options = decltype(options);
    using Class = std::conditional_t<
        std::is_same_v<Options, torch::optim::SGDOptions>, SGD,
        std::conditional_t<std::is_same_v<Options, torch::optim::RMSpropOptions>, RMSprop, AdamW>>;
    expect_same_bits_after_a_break([&](Problem& problem, double lr) {
      Options own = options;
      own.lr(lr);
      return std::make_unique<Class>(problem.parameters(), own);
    });
  };
  check(torch::optim::SGDOptions(0.1));
  check(torch::optim::SGDOptions(0.1).momentum(0.9).nesterov(true));
  check(torch::optim::RMSpropOptions().centered(true).momentum(0.5));
  check(torch::optim::AdamWOptions().amsgrad(true));
}

class NamedAdam : public ::testing::Test {
 protected:
  NamedAdam() : optimizer_(problem_.parameters(), {.lr = 0.01}), names_(problem_.net->named_parameters()) {
    train(problem_, optimizer_, 3);
    state_ = copy_of(named_state(optimizer_, names_));
  }
  std::string refused() {
    const Tensor before = slot().clone();
    const std::string out = refusal([&] { restore(optimizer_, state_, names_); });
    EXPECT_TRUE(torch::equal(before, slot())) << "it was refused and yet changed";
    return out;
  }
  Tensor slot() { return named_state(optimizer_, names_).parameters.at("0.weight").slots.at("exp_avg"); }

  Problem problem_;
  Of<rules::Adam> optimizer_;
  Names names_;
  NamedState state_;
};

TEST_F(NamedAdam, SaysWhatItHolds) {
  ASSERT_EQ(state_.groups.size(), 1u);
  EXPECT_EQ(state_.groups[0].chain, "adam");
  EXPECT_EQ(state_.groups[0].knobs.at("lr"), 0.01);
  EXPECT_EQ(state_.groups[0].parameters,
            (std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias"}));
  EXPECT_EQ(state_.parameters.at("2.bias").step, 3);
  EXPECT_EQ(state_.parameters.at("2.weight").slots.at("exp_avg_sq").sizes(),
            (std::vector<std::int64_t>{1, 3}));
}

TEST_F(NamedAdam, FindsParametersByNameInAnyOrder) {
  std::vector<Tensor> backwards = problem_.parameters();
  std::ranges::reverse(backwards);
  Of<rules::Adam> other(backwards, {.lr = 0.5});
  std::ranges::reverse(state_.groups[0].parameters);
  restore(other, state_, names_);
  EXPECT_TRUE(torch::equal(named_state(other, names_).parameters.at("0.weight").slots.at("exp_avg"), slot()));
}

TEST_F(NamedAdam, TellsANameTooManyFromOneTooFew) {
  state_.groups[0].parameters.push_back("4.weight");
  EXPECT_EQ(
      refused(),
      "loaded optimizer state has a parameter '4.weight' in group 0, which this optimizer does not have");
  state_.groups[0].parameters = {"0.weight", "0.bias", "2.weight"};
  EXPECT_EQ(refused(), "loaded optimizer state lacks the parameter '2.bias' in group 0");
  state_.groups[0].parameters = {"0.weight", "0.bias", "2.weight", "2.bias", "2.bias"};
  EXPECT_EQ(refused(), "loaded optimizer state has a parameter twice in group 0");
  state_.groups[0].parameters.pop_back();
  state_.parameters["4.weight"] = {};
  EXPECT_EQ(refused(),
            "loaded optimizer state has a state of '4.weight', which this optimizer does not have");
  state_.groups.emplace_back(state_.groups[0]);
  EXPECT_EQ(refused(), "loaded optimizer state has 2 groups; this optimizer has 1");
}

TEST_F(NamedAdam, RefusesASlotThatDoesNotFit) {
  Tensor& slot = state_.parameters.at("2.bias").slots.at("exp_avg");
  slot = torch::zeros({2}, torch::kFloat64);
  EXPECT_EQ(
      refused(),
      "loaded optimizer state has exp_avg of '2.bias' of shape [2] and type Double; wanted [1] and Double");
  slot = torch::zeros({1});
  EXPECT_NE(refused().find("type Float"), std::string::npos);
  slot = torch::zeros({1}, torch::kFloat64);
  state_.parameters.at("2.bias").slots["momentum"] = slot;
  EXPECT_EQ(refused(), "loaded optimizer state has a slot 'momentum' of '2.bias', which adam does not have");
}

TEST_F(NamedAdam, RefusesAnotherRuleAndKnobsThatItDoesNotHave) {
  state_.groups[0].knobs.erase("eps");
  EXPECT_EQ(refused(), "loaded optimizer state lacks the knob 'eps' of adam");
  state_.groups[0].knobs["eps"] = -1;
  EXPECT_NE(refused().find("eps = -1 is outside its range"), std::string::npos);
  state_.groups[0].knobs["eps"] = 1e-8;
  state_.parameters.at("2.bias").numbers = {1};
  EXPECT_EQ(refused(), "loaded optimizer state has 1 numbers of '2.bias'; adam has 0");
  state_.groups[0].chain = "adamw";
  EXPECT_EQ(refused(), "loaded optimizer state is for adamw; this optimizer is adam");
}

TEST_F(NamedAdam, WantsANameForEveryParameter) {
  Names few;
  few.insert("0.weight", problem_.parameters()[0]);
  EXPECT_EQ(refusal([&] { named_state(optimizer_, few); }),
            "parameter 1 of group 0 of the optimizer has no name among the 1 given");
}

}  // namespace
}  // namespace basin::optim
