// libtorch's classes by libtorch's names: what a program that uses torch::optim relies on.
#include "basin/optim/torch_optim.hpp"

#include <map>
#include <sstream>

#include "basin/optim/lbfgs.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;
namespace theirs = torch::optim;

// Closed loop in double: 100 steps round by about 1e-16 each. Further on, RMSProp circles its minimum and
// doubles every difference within a few steps, even for libtorch against itself. 1e-12 leaves room.
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

// Half of the steps with one class, half with another that loads what the first has saved.
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

// Groups with their own options, some equal to libtorch's defaults, under other options of the constructor.
template <class Ours, class Theirs, class Options>
void expect_the_same_groups(const std::vector<Options>& groups, const Options& defaults) {
  std::vector<OptimizerParamGroup> ours, theirs;
  for (const Options& own : groups) {
    ours.emplace_back(std::vector<Tensor>{torch::ones(2)}, std::make_unique<Options>(own));
    theirs.emplace_back(std::vector<Tensor>{torch::ones(2)}, std::make_unique<Options>(own));
  }
  Ours a(ours, defaults);
  Theirs b(theirs, defaults);
  for (std::size_t g = 0; g < groups.size(); ++g)
    EXPECT_EQ(static_cast<const Options&>(a.param_groups()[g].options()),
              static_cast<const Options&>(b.param_groups()[g].options()))
        << "group " << g;
}

TEST(TorchOptim, GroupsAreTreatedAsTheLibtorchAtHandTreatsThem) {
  using theirs::SGDOptions, theirs::AdamOptions, theirs::AdamWOptions, theirs::AdagradOptions,
      theirs::RMSpropOptions, theirs::LBFGSOptions;
  expect_the_same_groups<SGD, theirs::SGD, SGDOptions>(
      {SGDOptions(1e-3).weight_decay(0), SGDOptions(0.1).momentum(0),
       SGDOptions(0.2).nesterov(true).momentum(0.5)},
      SGDOptions(0.1).weight_decay(0.1).momentum(0.9));
  expect_the_same_groups<Adam, theirs::Adam, AdamOptions>(
      {AdamOptions().betas({0.9, 0.5}), AdamOptions(0.2), AdamOptions().amsgrad(true)},
      AdamOptions(0.1).betas({0.7, 0.8}).weight_decay(0.1));
  expect_the_same_groups<AdamW, theirs::AdamW, AdamWOptions>(
      {AdamWOptions().betas({0.9, 0.5}), AdamWOptions().weight_decay(0.01), AdamWOptions().weight_decay(0)},
      AdamWOptions(0.1).betas({0.7, 0.8}).weight_decay(0.3));
  expect_the_same_groups<Adagrad, theirs::Adagrad, AdagradOptions>(
      {AdagradOptions().lr_decay(0), AdagradOptions(0.5)}, AdagradOptions(0.1).lr_decay(0.1));
  expect_the_same_groups<RMSprop, theirs::RMSprop, RMSpropOptions>(
      {RMSpropOptions().momentum(0), RMSpropOptions().alpha(0.99)},
      RMSpropOptions(0.1).momentum(0.9).alpha(0.5));
  expect_the_same_groups<LBFGS, theirs::LBFGS, LBFGSOptions>({LBFGSOptions(1).max_iter(50)},
                                                             LBFGSOptions(0.5).max_iter(7).history_size(3));
  expect_the_same_groups<LBFGS, theirs::LBFGS, LBFGSOptions>(
      {LBFGSOptions(0.5)}, LBFGSOptions(1).max_eval(9).line_search_fn("strong_wolfe"));
}

TEST(TorchOptim, LbfgsTakesTheConstructorsOptionsForAGroupWithout) {
  const auto options = theirs::LBFGSOptions(0.5).max_iter(7).line_search_fn("strong_wolfe");
  LBFGS ours(std::vector<OptimizerParamGroup>{OptimizerParamGroup({torch::ones(2)})}, options);
  theirs::LBFGS other(std::vector<OptimizerParamGroup>{OptimizerParamGroup({torch::ones(2)})}, options);
  EXPECT_EQ(static_cast<const theirs::LBFGSOptions&>(ours.param_groups()[0].options()),
            static_cast<const theirs::LBFGSOptions&>(other.param_groups()[0].options()));
  EXPECT_NE(refusal([&] {
              ours.add_param_group(OptimizerParamGroup({torch::ones(2)}));
            }).find("takes one parameter group"),
            std::string::npos);
}

TEST(TorchOptim, AdagradHasItsStateBeforeItsFirstStep) {
  Problem p;
  Adagrad ours(p.parameters(), theirs::AdagradOptions(0.1).initial_accumulator_value(0.5));
  theirs::Adagrad other(p.parameters(), theirs::AdagradOptions(0.1).initial_accumulator_value(0.5));
  ASSERT_EQ(ours.state().size(), 4U);
  for (const Tensor& parameter : p.parameters())
    EXPECT_EQ(static_cast<const theirs::AdagradParamState&>(*ours.state().at(key_of(parameter))),
              static_cast<const theirs::AdagradParamState&>(*other.state().at(key_of(parameter))));
  const Tensor late = torch::ones(3);
  ours.add_param_group(OptimizerParamGroup({late}));
  EXPECT_EQ(ours.state().count(key_of(late)), 1U);
}

TEST(TorchOptim, AnEntryOfTheStateThatACallerLeftEmptyIsNone) {
  const auto check = [](auto optimizer, const Tensor& parameter) {
    optimizer.state()[key_of(parameter)] = nullptr;
    std::stringstream file = saved(optimizer);
    EXPECT_EQ(optimizer.state().size(), 0U);
    optimizer.state()[key_of(parameter)] = nullptr;
    const Tensor before = parameter.clone();
    parameter.mutable_grad() = torch::ones_like(parameter);
    optimizer.step([&] { return torch::ones({}); });
    EXPECT_FALSE(torch::equal(before, parameter));
  };
  const Tensor a = torch::ones(2);
  const std::vector<Tensor> one{a};
  check(SGD(one, theirs::SGDOptions(0.1).momentum(0.9)), a);
  check(Adam(one), a);
  check(AdamW(one), a);
  check(Adagrad(one), a);
  check(RMSprop(one), a);
  check(LBFGS(one, theirs::LBFGSOptions(0.1).max_iter(1)), a);
}

// --- files of libtorch before 1.5

void write_list(torch::serialize::OutputArchive& archive, const std::string& key,
                const std::vector<Tensor>& list) {
  archive.write(key + "/size", torch::tensor(static_cast<std::int64_t>(list.size())));
  for (std::size_t i = 0; i < list.size(); ++i) archive.write(key + "/" + std::to_string(i), list[i], true);
}

std::stringstream old_file(const std::map<std::string, std::vector<Tensor>>& lists) {
  torch::serialize::OutputArchive archive;
  for (const auto& [key, list] : lists) write_list(archive, key, list);
  std::stringstream file;
  archive.save_to(file);
  return file;
}

TEST(TorchOptim, ReadsFilesOfLibtorchBefore15) {
  const Tensor a = torch::ones(2), b = torch::ones(3);
  const std::vector<Tensor> two{a, b};
  std::stringstream file = old_file({{"step_buffers", {torch::tensor(std::int64_t{7})}},
                                     {"exp_average_buffers", {torch::full({2}, 0.25)}},
                                     {"exp_average_sq_buffers", {torch::full({2}, 0.5)}},
                                     {"max_exp_average_sq_buffers", {}}});
  Adam optimizer(two, theirs::AdamOptions(0.3));
  torch::load(optimizer, file);
  ASSERT_EQ(optimizer.state().size(), 1U) << "a parameter that had no state yet";
  const auto& state = static_cast<const theirs::AdamParamState&>(*optimizer.state().at(key_of(a)));
  EXPECT_EQ(state.step(), 7);
  EXPECT_TRUE(torch::equal(state.exp_avg(), torch::full({2}, 0.25)));
  EXPECT_EQ(optimizer.rule().lr(), 0.3) << "such a file holds no options";
}

TEST(TorchOptim, RefusesAFileOfLibtorchBefore15ThatDoesNotFit) {
  const std::vector<Tensor> two{torch::ones(2), torch::ones(3)};
  const auto load = [](auto optimizer, std::stringstream file) {
    return refusal([&] { torch::load(optimizer, file); });
  };
  const Tensor step = torch::tensor(std::int64_t{7}), sum = torch::ones(2);
  EXPECT_EQ(load(Adagrad(two), old_file({{"step_buffers", {step}}, {"sum_buffers", {sum}}})),
            "loaded optimizer state has 1 of 'step_buffers'; this optimizer has 2 parameters");
  EXPECT_EQ(load(Adam(two), old_file({{"momentum_buffers", {sum}}})),
            "loaded optimizer state does not hold the state of Adam; was it saved by another class of "
            "libtorch before 1.5?");
  EXPECT_NE(load(SGD(two, theirs::SGDOptions(0.1).momentum(0.9)),
                 old_file({{"momentum_buffers", {torch::ones(5)}}}))
                .find("momentum_buffer of parameter 0 of group 0 of shape [5]"),
            std::string::npos);
  EXPECT_EQ(load(SGD(two, theirs::SGDOptions(0.1).momentum(0.9)),
                 old_file({{"momentum_buffers", {sum, sum, sum}}})),
            "loaded optimizer state has 3 of 'momentum_buffers'; this optimizer has 2 parameters");
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
  EXPECT_EQ(load_into(AdamW(p.parameters())), "loaded optimizer state is for Adam; this optimizer is AdamW");
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
