// A step refuses what its loops cannot accept, whatever the caller has put in place of a parameter, its
// gradient, its state or its mean; nothing has changed then.
#include "basin/optim/step_checks.hpp"

#include "basin/optim/average.hpp"
#include "basin/optim/lbfgs.hpp"
#include "basin/optim/lookahead.hpp"
#include "basin/optim/sam.hpp"
#include "basin/optim/torch_optim.hpp"
#include "basin/rules/catalogue.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

// Two parameters, of which the caller spoils the second.
struct Pair {
  Tensor first = torch::linspace(-1, 1, 6).requires_grad_(), second = torch::ones({4, 4}).requires_grad_();
  Tensor kept = first.detach().clone();

  Pair() { gradients(); }
  std::vector<Tensor> both() const { return {first, second}; }
  void gradients() const {
    first.mutable_grad() = torch::full_like(first, 0.5);
    second.mutable_grad() = torch::full_like(second, 0.5);
  }
  void keep() { kept = first.detach().clone(); }
  bool unchanged() const { return torch::equal(first.detach(), kept); }
};

// Expects that the first parameter has not moved either.
void expect_refused(Pair& pair, torch::optim::Optimizer& optimizer, const std::string& what) {
  pair.keep();
  const std::string said = refusal([&] { optimizer.step(); });
  EXPECT_NE(said.find("parameter 1"), std::string::npos) << said;
  EXPECT_NE(said.find(what), std::string::npos) << said;
  EXPECT_TRUE(pair.unchanged());
}

class EveryRule : public ::testing::TestWithParam<std::string> {
 protected:
  Pair pair_;
  Optimizer optimizer_{pair_.both(), kernels::Chain::parse(GetParam())};
  bool has_slots() { return optimizer_.rule().slot_count() > 0; }
  void expect_refused(const std::string& what) { optim::expect_refused(pair_, optimizer_, what); }
};

std::vector<std::string> every_rule() {
  std::vector<std::string> names;
  for (const RuleInfo& info : catalogue()) names.push_back(info.name);
  return names;
}

TEST_P(EveryRule, RefusesAGradientOfAnotherShape) {
  for (const auto& sizes : {std::vector<std::int64_t>{2}, {1, 4}, {4, 5}, {2, 8}, {4, 4, 1}, {}}) {
    pair_.second.mutable_grad() = torch::ones(sizes);
    expect_refused("a gradient of shape");
  }
}

TEST_P(EveryRule, RefusesAParameterThatHasGrown) {
  optimizer_.step();
  pair_.second.set_data(torch::ones({100'000, 4}));
  expect_refused("a gradient of shape");
  if (!has_slots()) return;
  pair_.second.mutable_grad() = torch::ones({100'000, 4});
  expect_refused("has a state with");
}

TEST_P(EveryRule, RefusesAParameterOfAnotherShapeWithAsManyWeights) {
  if (!has_slots()) return;
  optimizer_.step();
  pair_.second.set_data(torch::ones({2, 8}));
  pair_.second.mutable_grad() = torch::ones({2, 8});
  // A rule may store one number per tensor, or one for all: then any shape fits.
  const auto& extents = optimizer_.rule().info().extents;
  if (std::ranges::any_of(extents, [](Extent e) { return e == Extent::weight || e == Extent::row; }))
    expect_refused("has a state with");
}

TEST_P(EveryRule, RefusesAParameterOfAnotherType) {
  optimizer_.step();
  pair_.second.set_data(torch::ones({4, 4}, torch::kFloat64));
  expect_refused("differ in type");
  if (!has_slots()) return;
  pair_.second.mutable_grad() = torch::ones({4, 4}, torch::kFloat64);
  expect_refused("has a state with");
}

TEST_P(EveryRule, RefusesWhatLiesBeyondItsStorage) {
  optimizer_.step();
  const Tensor gradient = pair_.second.grad();
  gradient.storage().unsafeGetStorageImpl()->set_nbytes(8);
  expect_refused("which its storage does not hold");
  pair_.gradients();
  pair_.second.detach().storage().unsafeGetStorageImpl()->set_nbytes(8);
  expect_refused("which its storage does not hold");
}

TEST_P(EveryRule, RefusesAnExpandedParameter) {
  optimizer_.step();
  pair_.second.set_data(torch::ones({1, 4}).expand({4, 4}));
  expect_refused("share memory");
  pair_.second.set_data(torch::ones(7).as_strided({4, 4}, {1, 1}));
  expect_refused("share memory");
}

TEST_P(EveryRule, TakesAnExpandedGradientAndANegativeView) {
  Pair plain;
  Optimizer twin(plain.both(), kernels::Chain::parse(GetParam()));
  pair_.second.mutable_grad() = torch::full({1, 4}, 0.5).expand({4, 4});
  pair_.first.mutable_grad() = torch::_neg_view(torch::full({6}, -0.5));
  optimizer_.step();
  twin.step();
  EXPECT_TRUE(torch::equal(pair_.second, plain.second));
  EXPECT_TRUE(torch::equal(pair_.first, plain.first));
}

TEST_P(EveryRule, RefusesASlotThatACallerHasReplaced) {
  if (!has_slots()) return;
  optimizer_.step();
  for (std::size_t i = 0; i < optimizer_.rule().slot_count(); ++i) {
    Tensor& slot = static_cast<ParamState&>(*optimizer_.state().at(key_of(pair_.second))).slots[i];
    const Tensor own = slot;
    for (const Tensor& other : {torch::ones({3}), torch::ones(own.sizes(), torch::kFloat64),
                                torch::ones(own.sizes()).to_sparse()}) {
      slot = other;
      expect_refused("has a state with");
    }
    slot = torch::zeros({}).expand(own.sizes());  // with one number in memory: copied into order
    optimizer_.step();
    slot = own;
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, ::testing::ValuesIn(every_rule()),
                         [](const auto& each) { return each.param; });

TEST(StepChecks, AnUndefinedParameterIsNamed) {
  EXPECT_NE(refusal([] {
              Optimizer(std::vector<Tensor>{torch::ones(2), Tensor()}, kernels::Chain::parse("sgd"));
            }).find("parameter 1 of group 0 is an undefined tensor"),
            std::string::npos);
}

TEST(StepChecks, AParameterOfWholeNumbersIsNamed) {
  const Tensor first = torch::ones(2), second = torch::ones(2);
  Optimizer optimizer(std::vector<Tensor>{first, second}, kernels::Chain::parse("sgd"));
  second.set_data(torch::ones(2, torch::kInt64));
  second.mutable_grad() = torch::ones(2, torch::kInt64);
  EXPECT_NE(refusal([&] { optimizer.step(); }).find("parameter 1 has type Long"), std::string::npos);
}

TEST(StepChecks, TheClassesOfLibtorchRefuseTheSame) {
  const auto spoil = [](auto make) {
    Pair pair;
    auto optimizer = make(pair.both());
    optimizer.step();
    pair.second.mutable_grad() = torch::ones({2});
    expect_refused(pair, optimizer, "a gradient of shape [2]");
    pair.second.set_data(torch::ones({100'000, 4}));
    pair.second.mutable_grad() = torch::ones({100'000, 4});
    expect_refused(pair, optimizer, "has a state with");
  };
  spoil([](auto parameters) { return SGD(parameters, SGDOptions(0.1).momentum(0.9)); });
  spoil([](auto parameters) { return Adam(parameters, AdamOptions()); });
  spoil([](auto parameters) { return AdamW(parameters, AdamWOptions()); });
  spoil([](auto parameters) { return Adagrad(parameters, AdagradOptions()); });
  spoil([](auto parameters) { return RMSprop(parameters, RMSpropOptions()); });
}

TEST(StepChecks, AStateOfAnotherClassIsRefused) {
  Pair pair;
  Adam optimizer(pair.both(), AdamOptions());
  optimizer.state()[key_of(pair.second)] = std::make_unique<SGDParamState>();
  EXPECT_NE(refusal([&] { optimizer.step(); }).find("the state of a parameter is of another class"),
            std::string::npos);
}

TEST(StepChecks, AStridedParameterIsNotOverwrittenAfterAStepThatWasRefused) {
  const Tensor wide = torch::ones({4, 8}), strided = wide.slice(1, 0, 8, 2);
  const Tensor other = torch::ones(3);
  Optimizer optimizer(std::vector<Tensor>{strided, other}, kernels::Chain::parse("sgd"));
  strided.mutable_grad() = torch::ones({4, 4});
  other.mutable_grad() = torch::ones(2);  // refused after the first has been copied
  EXPECT_NE(refusal([&] { optimizer.step(); }), "none");
  {
    const torch::NoGradGuard no_gradients;
    strided.fill_(7);
  }
  strided.mutable_grad().reset();
  other.mutable_grad() = torch::ones(3);
  optimizer.step();
  EXPECT_TRUE(torch::equal(strided, torch::full({4, 4}, 7.0)));
}

// --- sparse gradients

Tensor rows_of(const Tensor& rows, const Tensor& values, at::IntArrayRef sizes) {
  return torch::_sparse_coo_tensor_unsafe(rows.reshape({1, -1}), values, sizes, values.options());
}

class EverySparseRule : public ::testing::TestWithParam<std::string> {};

TEST_P(EverySparseRule, RefusesRowsThatTheTableDoesNotHave) {
  Pair pair;
  Optimizer optimizer(pair.both(), kernels::Chain::parse(GetParam()));
  const Tensor rows = torch::tensor({0, 7});
  pair.second.mutable_grad() = rows_of(rows, torch::ones({2, 4}), {8, 4});
  expect_refused(pair, optimizer, "a gradient of shape [8, 4]");
  pair.second.mutable_grad() = rows_of(rows, torch::ones({2, 4}), {4, 4});
  expect_refused(pair, optimizer, "has 4 rows, and a sparse gradient for row 7");
  pair.second.mutable_grad() = rows_of(torch::tensor({0, -1}), torch::ones({2, 4}), {4, 4});
  expect_refused(pair, optimizer, "has 4 rows, and a sparse gradient for row -1");
  pair.second.mutable_grad() = rows_of(torch::tensor({0, 1}), torch::ones({2, 4}), {4, 4});
  pair.second.grad()._values().storage().unsafeGetStorageImpl()->set_nbytes(4);
  expect_refused(pair, optimizer, "sparse gradient with values of shape");
}

TEST_P(EverySparseRule, SumsRowsOfAGradientThatIsFalselyCalledCoalesced) {
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    const Tensor a = torch::ones({4, 2}, type).requires_grad_(),
                 b = torch::ones({4, 2}, type).requires_grad_();
    Optimizer honest(std::vector<Tensor>{a}, kernels::Chain::parse(GetParam())),
        misled(std::vector<Tensor>{b}, kernels::Chain::parse(GetParam()));
    const auto gradient = [&] {
      return rows_of(torch::tensor({2, 0, 2}), torch::ones({3, 2}, type), {4, 2});
    };
    a.mutable_grad() = gradient();
    b.mutable_grad() = gradient()._coalesced_(true);
    honest.step();
    misled.step();
    EXPECT_TRUE(torch::equal(a, b)) << GetParam();
  }
}

std::vector<std::string> sparse_rules() {
  std::vector<std::string> names;
  for (const RuleInfo& info : catalogue())
    if (kernels::Chain::parse(info.name).rule.table().sparse) names.push_back(info.name);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Rules, EverySparseRule, ::testing::ValuesIn(sparse_rules()),
                         [](const auto& each) { return each.param; });

// --- wrappers

TEST(StepChecks, AMeanRefusesParametersThatHaveAnotherShape) {
  for (const bool fused : {true, false}) {
    Pair pair;
    Optimizer optimizer(pair.both(), kernels::Chain::parse("sgd"));
    WeightAverage average(pair.both(), {.decay = 0.9});
    average.step(optimizer);
    pair.second.set_data(torch::ones({100'000, 4}));
    pair.gradients();
    pair.keep();
    const Tensor mean = average.averages()[0].clone();
    const std::string said = refusal([&] { fused ? void(average.step(optimizer)) : average.update(); });
    EXPECT_NE(said.find("averaged parameter 1 is [100000, 4]"), std::string::npos) << said;
    EXPECT_NE(refusal([&] { average.swap(); }), "none");
    EXPECT_TRUE(pair.unchanged());
    EXPECT_TRUE(torch::equal(mean, average.averages()[0]));
    EXPECT_FALSE(average.swapped());
    EXPECT_EQ(average.updates(), 1);
  }
}

TEST(StepChecks, LookaheadRefusesParametersThatHaveAnotherShape) {
  Pair pair;
  Optimizer optimizer(pair.both(), kernels::Chain::parse("sgd"));
  Lookahead lookahead(optimizer, {.every = 2});
  lookahead.step();
  pair.second.set_data(torch::ones({2, 8}));
  pair.gradients();
  pair.keep();
  EXPECT_NE(refusal([&] { lookahead.step(); }).find("averaged parameter 1"), std::string::npos);
  EXPECT_TRUE(pair.unchanged());
}

TEST(StepChecks, SamNamesAGradientThatIsSparseOrOfAnotherShape) {
  Pair pair;
  Optimizer optimizer(pair.both(), kernels::Chain::parse("sgd"));
  Sam sam(optimizer);
  pair.second.mutable_grad() = torch::ones({1, 4});
  EXPECT_EQ(refusal([&] { sam.climb(); }), "sam: parameter 1 and its gradient differ in shape");
  pair.second.mutable_grad() = torch::ones({4, 4}).to_sparse(1);
  EXPECT_EQ(refusal([&] { sam.climb(); }), "sam: parameter 1 has a sparse gradient; sam needs a dense one");
  EXPECT_TRUE(pair.unchanged());
}

TEST(StepChecks, LbfgsRefusesAGradientAndAStateOfAnotherShape) {
  Pair pair;
  LBFGS optimizer(pair.both(), LBFGSOptions(0.1).max_iter(2));
  const auto closure = [&] {
    optimizer.zero_grad();
    const Tensor loss = pair.first.pow(2).sum() + pair.second.pow(2).sum();
    loss.backward();
    return loss;
  };
  optimizer.step(closure);
  pair.keep();
  EXPECT_NE(refusal([&] {
              optimizer.step([&] {
                pair.second.mutable_grad() = torch::ones({2});
                return torch::ones({});
              });
            }).find("lbfgs: parameter 1"),
            std::string::npos);
  pair.second.set_data(torch::ones({100, 4}));
  pair.second.mutable_grad().reset();
  EXPECT_NE(refusal([&] { optimizer.step(closure); }).find("lbfgs: the state is for 22 weights"),
            std::string::npos);
  EXPECT_TRUE(pair.unchanged());
}

TEST(StepChecks, LbfgsRefusesAnExpandedParameterBeforeTheOthersMove) {
  Pair pair;
  LBFGS optimizer(pair.both(), LBFGSOptions(0.1).max_iter(2));
  pair.second.set_data(torch::ones({1, 4}).expand({4, 4}));
  EXPECT_NE(refusal([&] { optimizer.step([] { return torch::ones({}); }); }).find("lbfgs: parameter 1"),
            std::string::npos);
  EXPECT_TRUE(pair.unchanged());
}

TEST(StepChecks, AnEstimateOfTheCurvatureRefusesAGradientOfAnotherShape) {
  Pair pair;
  Optimizer optimizer(pair.both(), kernels::Chain::parse("sophia"));
  optimizer.step();
  const Tensor before = static_cast<ParamState&>(*optimizer.state().at(key_of(pair.first))).slots[1].clone();
  pair.second.mutable_grad() = torch::ones({4, 1});
  EXPECT_NE(refusal([&] { optimizer.add_curvature(8); }).find("parameter 1"), std::string::npos);
  EXPECT_TRUE(
      torch::equal(before, static_cast<ParamState&>(*optimizer.state().at(key_of(pair.first))).slots[1]));
}

TEST(StepChecks, TheOtherPointOfARuleIsTakenByAllParametersOrByNone) {
  Pair pair;
  Optimizer optimizer(pair.both(), kernels::Chain::parse("schedule_free_sgd"));
  optimizer.step();
  pair.second.set_data(torch::ones({8, 8}));
  pair.keep();
  EXPECT_NE(refusal([&] { optimizer.eval(); }).find("parameter 1"), std::string::npos);
  EXPECT_TRUE(pair.unchanged());
  EXPECT_EQ(optimizer.mode(), Mode::train);
}

}  // namespace
}  // namespace basin::optim
