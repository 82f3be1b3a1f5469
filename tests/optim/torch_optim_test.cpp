// libtorch's classes, by libtorch's names: what a program that says torch::optim relies on.
#include "basin/optim/torch_optim.hpp"

#include <sstream>

#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;
namespace theirs = torch::optim;

// Closed loop in double: 100 steps round some 1e-16 each; further on RMSProp circles its minimum and doubles every
// difference within a few steps, in libtorch against itself, too. 1e-12 leaves room.
constexpr double rounding = 1e-12;

template <class Theirs, class Ours, class Options>
void expect_same_path(const std::vector<Options>& several) {
  for (std::size_t i = 0; i < several.size(); ++i) {
    Problem a, b;
    Theirs reference(a.parameters(), several[i]);
    Ours optimizer(b.parameters(), several[i]);
    train(a, reference, 100);
    train(b, optimizer, 100);
    EXPECT_LT(difference(a, b), rounding) << "options " << i;
    EXPECT_GT(difference(b, Problem()), 1e-3) << "nothing moved with options " << i;
  }
}

TEST(TorchOptim, SgdFollowsLibtorch) {
  const auto sgd = [] { return theirs::SGDOptions(0.1); };
  expect_same_path<theirs::SGD, SGD, theirs::SGDOptions>(
      {sgd(), sgd().weight_decay(0.01), sgd().momentum(0.9),
       sgd().momentum(0.9).dampening(0.2).weight_decay(0.01), sgd().momentum(0.9).nesterov(true)});
}
TEST(TorchOptim, AdagradFollowsLibtorch) {
  const auto adagrad = [] { return theirs::AdagradOptions(0.1); };
  expect_same_path<theirs::Adagrad, Adagrad, theirs::AdagradOptions>(
      {adagrad(), adagrad().lr_decay(0.01).weight_decay(0.01).initial_accumulator_value(0.1).eps(1e-6)});
}
TEST(TorchOptim, RmsPropFollowsLibtorch) {
  const auto rmsprop = [] { return theirs::RMSpropOptions(0.01); };
  expect_same_path<theirs::RMSprop, RMSprop, theirs::RMSpropOptions>(
      {rmsprop(), rmsprop().alpha(0.9).eps(1e-4).weight_decay(0.01), rmsprop().momentum(0.5),
       rmsprop().centered(true), rmsprop().centered(true).momentum(0.5)});
}
TEST(TorchOptim, AdamFollowsLibtorch) {
  const auto adam = [] { return theirs::AdamOptions(0.01); };
  expect_same_path<theirs::Adam, Adam, theirs::AdamOptions>(
      {adam(), adam().betas({0.8, 0.99}).eps(1e-4).weight_decay(0.01), adam().amsgrad(true)});
}
TEST(TorchOptim, AdamWFollowsLibtorch) {
  const auto adamw = [] { return theirs::AdamWOptions(0.01); };
  expect_same_path<theirs::AdamW, AdamW, theirs::AdamWOptions>(
      {adamw(), adamw().weight_decay(0.1), adamw().amsgrad(true)});
}

TEST(TorchOptim, TakesBasinsKnobsAsAnAggregate) {
  Problem a, b;
  AdamW by_options(a.parameters(), theirs::AdamWOptions(0.01).weight_decay(0.1)),
      by_knobs(b.parameters(), {.lr = 0.01, .weight_decay = 0.1});
  train(a, by_options, 20);
  train(b, by_knobs, 20);
  EXPECT_EQ(difference(a, b), 0);
}

TEST(TorchOptim, OptionsAreReadAtEveryStep) {
  Problem a, b;
  theirs::SGD reference(a.parameters(), theirs::SGDOptions(0.1));
  SGD optimizer(b.parameters(), theirs::SGDOptions(0.1));
  const auto change = [](theirs::Optimizer& o, double lr, double momentum) {
    auto& options = static_cast<theirs::SGDOptions&>(o.param_groups()[0].options());
    options.lr(lr).momentum(momentum);
  };
  for (const auto& [lr, momentum] : {std::pair{0.1, 0.0}, {0.2, 0.9}, {0.05, 0.5}}) {
    change(reference, lr, momentum);
    change(optimizer, lr, momentum);
    train(a, reference, 10);
    train(b, optimizer, 10);
  }
  EXPECT_LT(difference(a, b), rounding);
}

TEST(TorchOptim, StepLrWorks) {
  Problem a, b;
  theirs::AdamW reference(a.parameters(), theirs::AdamWOptions(0.1));
  AdamW optimizer(b.parameters(), theirs::AdamWOptions(0.1));
  theirs::StepLR their_schedule(reference, 2, 0.5), our_schedule(optimizer, 2, 0.5);
  for (int i = 0; i < 7; ++i) {
    train(a, reference, 1);
    train(b, optimizer, 1);
    their_schedule.step();
    our_schedule.step();
    EXPECT_EQ(optimizer.rule().lr(), reference.param_groups()[0].options().get_lr());
  }
  EXPECT_LT(optimizer.rule().lr(), 0.1);
  EXPECT_LT(difference(a, b), rounding);
}

TEST(TorchOptim, StateHasLibtorchsTypes) {
  Problem a, b;
  theirs::AdamW reference(a.parameters(), theirs::AdamWOptions(0.1).amsgrad(true));
  AdamW optimizer(b.parameters(), theirs::AdamWOptions(0.1).amsgrad(true));
  train(a, reference, 5);
  train(b, optimizer, 5);
  const auto first_state = [](const theirs::Optimizer& o) -> const theirs::AdamWParamState& {
    for (const auto& [key, state] : o.state()) {
      const auto& own = dynamic_cast<const theirs::AdamWParamState&>(*state);
      if (own.exp_avg().dim() == 2 && own.exp_avg().size(0) == 3) return own;
    }
    throw std::out_of_range("no state of the first weight");
  };
  const auto &expected = first_state(reference), &state = first_state(optimizer);
  EXPECT_EQ(state.step(), 5);
  EXPECT_TRUE(torch::allclose(state.exp_avg(), expected.exp_avg(), 0, rounding));
  EXPECT_TRUE(torch::allclose(state.exp_avg_sq(), expected.exp_avg_sq(), 0, rounding));
  EXPECT_TRUE(torch::allclose(state.max_exp_avg_sq(), expected.max_exp_avg_sq(), 0, rounding));
}

template <class Optimizer>
std::stringstream saved(const Optimizer& optimizer) {
  std::stringstream file;
  torch::save(optimizer, file);
  return file;
}

// Half of the way with one class, half with another that loads what the first has saved.
template <class First, class Second, class Options>
void expect_handed_over(const Options& options) {
  Problem whole, halves;
  First straight(whole.parameters(), options), first(halves.parameters(), options);
  train(whole, straight, 20);
  train(halves, first, 9);
  std::stringstream file = saved(first);
  Second second(halves.parameters(), options);
  torch::load(second, file);
  train(halves, second, 11);
  EXPECT_LT(difference(whole, halves), rounding);
}

TEST(TorchOptim, FilesGoBothWays) {
  const auto both_ways = [](auto options, auto theirs_of, auto ours_of) {
    using Theirs = typename decltype(theirs_of)::type;
    using Ours = typename decltype(ours_of)::type;
    expect_handed_over<Theirs, Ours>(options);
    expect_handed_over<Ours, Theirs>(options);
    expect_handed_over<Ours, Ours>(options);
  };
  both_ways(theirs::SGDOptions(0.1).momentum(0.9), std::type_identity<theirs::SGD>(),
            std::type_identity<SGD>());
  both_ways(theirs::AdagradOptions(0.1).lr_decay(0.1), std::type_identity<theirs::Adagrad>(),
            std::type_identity<Adagrad>());
  both_ways(theirs::RMSpropOptions(0.01).centered(true).momentum(0.5), std::type_identity<theirs::RMSprop>(),
            std::type_identity<RMSprop>());
  both_ways(theirs::AdamOptions(0.01).amsgrad(true), std::type_identity<theirs::Adam>(),
            std::type_identity<Adam>());
  both_ways(theirs::AdamWOptions(0.01), std::type_identity<theirs::AdamW>(), std::type_identity<AdamW>());
}

TEST(TorchOptim, LoadingRestoresEveryOption) {
  Problem p;
  AdamW first(p.parameters(), theirs::AdamWOptions(0.3).betas({0.7, 0.8}).eps(1e-3).weight_decay(0.2));
  train(p, first, 1);
  std::stringstream file = saved(first);
  AdamW second(p.parameters());
  torch::load(second, file);
  EXPECT_EQ(static_cast<const theirs::AdamWOptions&>(first.param_groups()[0].options()),
            static_cast<const theirs::AdamWOptions&>(second.param_groups()[0].options()));
}

TEST(TorchOptim, AGroupTakesTheDefaultsForWhatItDoesNotSet) {
  Problem p;
  const auto all = p.parameters();
  auto own = std::make_unique<theirs::AdamWOptions>(theirs::AdamWOptions().betas({0.9, 0.5}));
  AdamW optimizer(
      {OptimizerParamGroup({all[0], all[1]}), OptimizerParamGroup({all[2], all[3]}, std::move(own))},
      theirs::AdamWOptions(0.1).betas({0.7, 0.8}).weight_decay(0));
  const auto& options = static_cast<const theirs::AdamWOptions&>(optimizer.param_groups()[1].options());
  EXPECT_EQ(options.lr(), 0.1);
  EXPECT_EQ(options.betas(), std::tuple(0.7, 0.5));
  EXPECT_EQ(options.weight_decay(), 0);
}

TEST(TorchOptim, RefusesWhatIsOutsideItsRange) {
  const std::vector<Tensor> one{torch::ones(3, torch::requires_grad())};
  const auto make = [&](theirs::AdamOptions options) {
    return refusal([&] { const Adam optimizer(one, options); });
  };
  EXPECT_EQ(make(theirs::AdamOptions(-1)),
            "adam: lr = -1 is outside its range; it must be 0 or more, and finite");
  EXPECT_EQ(make(theirs::AdamOptions().betas({0.9, 1})),
            "adam: beta2 = 1 is outside its range; it must be in [0, 1)");
  EXPECT_NE(make(theirs::AdamOptions(std::nan(""))), "none");
  EXPECT_EQ(refusal([&] { const SGD optimizer(one, theirs::SGDOptions(0.1).nesterov(true)); }),
            "sgd: nesterov needs momentum above 0 and dampening 0, not momentum = 0 and dampening = 0");
}

TEST(TorchOptim, RefusesOptionsSetOutsideTheirRangeAndChangesNothing) {
  Problem p;
  Adam optimizer(p.parameters());
  train(p, optimizer, 1);
  const Tensor before = p.parameters()[0].detach().clone();
  static_cast<theirs::AdamOptions&>(optimizer.param_groups()[0].options()).lr(-1);
  EXPECT_NE(refusal([&] { optimizer.step(); }), "none");
  EXPECT_TRUE(torch::equal(before, p.parameters()[0]));
}

TEST(TorchOptim, RefusesAStateThatDoesNotFitAndChangesNothing) {
  Problem p;
  Adam first(p.parameters());
  train(p, first, 2);
  const std::string file = saved(first).str();
  const auto load_into = [&](auto&& optimizer) {
    std::stringstream in(file);
    return refusal([&] { torch::load(optimizer, in); });
  };
  EXPECT_EQ(load_into(AdamW(p.parameters())), "loaded optimizer state is of Adam; this optimizer is AdamW");
  EXPECT_EQ(load_into(Adam(std::vector<Tensor>{p.parameters()[0]})),
            "loaded optimizer state has 4 parameters in group 0; this optimizer has 1");
  auto other = p.parameters();
  std::swap(other[0], other[1]);
  Adam swapped(other, theirs::AdamOptions(0.5));
  EXPECT_NE(load_into(swapped).find("shape"), std::string::npos);
  EXPECT_EQ(swapped.rule().lr(), 0.5);
  EXPECT_TRUE(swapped.state().empty());
}

TEST(TorchOptim, RefusesAGroupWithOptionsOfAnotherClass) {
  const Tensor a = torch::ones(3, torch::requires_grad());
  EXPECT_EQ(refusal([&] {
              const Adam optimizer(
                  {OptimizerParamGroup({a}, std::make_unique<theirs::AdamWOptions>(theirs::AdamWOptions()))});
            }),
            "the options of a group are of another class; Adam takes torch::optim::AdamOptions");
}

}  // namespace
}  // namespace basin::optim
