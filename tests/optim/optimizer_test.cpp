#include "basin/optim/optimizer.hpp"

#include <sstream>

#include "basin/rules/adam.hpp"
#include "basin/rules/adamw.hpp"
#include "basin/rules/sgd.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;
using Sgd = Of<rules::Sgd>;
using Adam = Of<rules::Adam>;
using AdamW = Of<rules::AdamW>;

TEST(Optimizer, AGroupWithoutOptionsTakesTheConstructors) {
  Problem p;
  const auto all = p.parameters();
  AdamW optimizer({OptimizerParamGroup({all[0], all[1]}), group<rules::AdamW>({all[2], all[3]}, {.lr = 0})},
                  {.lr = 0.1, .beta1 = 0.5, .weight_decay = 0});
  EXPECT_EQ(optimizer.rule(0).lr(), 0.1);
  EXPECT_EQ(optimizer.rule(0).get("beta1"), 0.5);
  const Tensor moved = all[0].clone(), kept = all[2].clone();
  train(p, optimizer, 1);
  EXPECT_FALSE(torch::equal(moved, all[0]));
  EXPECT_TRUE(torch::equal(kept, all[2]));
}

// Weight decay 0 for biases and 0.1 for the rest is the most common use of groups, and 0 is the rule's
// default.
TEST(Optimizer, AGroupKeepsItsOptionsAsTheyStand) {
  Problem p;
  const auto all = p.parameters();
  Sgd optimizer(
      {OptimizerParamGroup({all[0], all[2]}), group<rules::Sgd>({all[1], all[3]}, {.weight_decay = 0})},
      {.lr = 0.1, .weight_decay = 0.1});
  optimizer.add_param_group(group<rules::Sgd>({torch::ones(2)}, {.lr = 0.2}));
  EXPECT_EQ(optimizer.rule(0).get("weight_decay"), 0.1);
  EXPECT_EQ(optimizer.rule(1).get("weight_decay"), 0);
  EXPECT_EQ(optimizer.rule(1).lr(), rules::Sgd{}.lr);
  EXPECT_EQ(optimizer.rule(2).lr(), 0.2);
  EXPECT_EQ(optimizer.rule(2).get("weight_decay"), 0);
}

TEST(Optimizer, AnEntryOfTheStateThatACallerLeftEmptyIsNone) {
  const Tensor a = torch::ones(3), b = torch::ones(3);
  Adam optimizer(std::vector<Tensor>{a, b}, {.lr = 0.1});
  a.mutable_grad() = torch::ones(3);
  optimizer.state()[key_of(a)];
  optimizer.state()[key_of(b)];
  std::stringstream file;
  torch::save(optimizer, file);
  EXPECT_EQ(optimizer.state_bytes(), 0);
  optimizer.step();
  EXPECT_NEAR(a[0].item<double>(), 0.9, 1e-6);
}

TEST(Optimizer, AGroupAddedThroughLibtorchsListHasTheConstructorsOptions) {
  const Tensor a = torch::ones(2), b = torch::ones(2);
  Sgd optimizer(std::vector<Tensor>{a}, {.lr = 0.5});
  optimizer.param_groups().push_back(OptimizerParamGroup({b}));
  b.mutable_grad() = torch::ones(2);
  optimizer.step();
  EXPECT_EQ(b[0].item<double>(), 0.5);
  EXPECT_NE(refusal([&] {
              optimizer.add_param_group(OptimizerParamGroup({b}));
            }).find("some parameters appear in more than one parameter group"),
            std::string::npos);
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
  const Tensor loss = (a * a).sum();  // needs a in its current state
  Sgd optimizer(std::vector<Tensor>{a});
  optimizer.step();
  EXPECT_THROW(loss.backward(), c10::Error);
}

TEST(Optimizer, ThreadsDoNotChangeTheBits) {
  const auto run = [](int threads) {
    torch::set_num_threads(threads);
    torch::manual_seed(3);
    constexpr int size = 2'000'001;  // enough for three threads (kernels::worth_a_thread)
    const Tensor a = torch::rand(size, torch::requires_grad());
    AdamW optimizer(std::vector<Tensor>{a});
    for (int i = 0; i < 3; ++i) {
      a.mutable_grad() = torch::rand(size);
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
  EXPECT_EQ(load_into(AdamW(p.parameters())), "loaded optimizer state is for adam; this optimizer is adamw");
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
               complex = torch::ones(3, torch::kComplexFloat).requires_grad_();
  good.mutable_grad() = torch::ones(3);
  complex.mutable_grad() = torch::ones(3, torch::kComplexFloat);
  Sgd optimizer(std::vector<Tensor>{good, complex});
  EXPECT_EQ(refusal([&] { optimizer.step(); }),
            "sgd: parameter 1 has type ComplexFloat; it must be float32, float64, bfloat16 or float16");
  EXPECT_TRUE(torch::equal(good, torch::ones(3)));
  EXPECT_THROW(Sgd(std::vector<Tensor>{good}, {.lr = -1}), InputError);
}

// AdamW with slots in float32, computed by libtorch in float32 and rounded after each step.
TEST(Optimizer, StepsInSixteenBitsWithAStateInFloat) {
  for (const auto type : {torch::kBFloat16, torch::kHalf}) {
    torch::manual_seed(2);
    const Tensor ours = torch::rand({40, 30}).to(type).requires_grad_();
    Tensor wide = ours.detach().to(torch::kFloat32);
    wide.requires_grad_();
    AdamW optimizer(std::vector<Tensor>{ours}, {.lr = 0.01});
    torch::optim::AdamW reference(std::vector<Tensor>{wide}, torch::optim::AdamWOptions(0.01));
    for (int i = 0; i < 20; ++i) {
      const Tensor gradient = torch::rand({40, 30}).to(type);
      ours.mutable_grad() = gradient;
      wide.mutable_grad() = gradient.to(torch::kFloat32);
      optimizer.step();
      reference.step();
      wide.data().copy_(wide.detach().to(type));
    }
    const auto& state = static_cast<const ParamState&>(*optimizer.state().begin()->second);
    EXPECT_EQ(state.slots[0].scalar_type(), torch::kFloat32);
    // The two round float32 differently, so occasionally a weight falls on the other side of a tie: one unit
    // of its type.
    const double unit = type == torch::kHalf ? 0x1p-11 : 0x1p-8;
    EXPECT_LE((ours.to(torch::kFloat32) - wide).abs().max().item<double>(), unit);
    EXPECT_GT((ours.to(torch::kFloat32) == wide).to(torch::kFloat32).mean().item<double>(), 0.98);
  }
}

TEST(Optimizer, RoundsStochasticallyWhenAsked) {
  const auto after = [](std::optional<std::uint64_t> seed) {
    const Tensor x = torch::ones(10'000, torch::kBFloat16).requires_grad_();
    Sgd optimizer(std::vector<Tensor>{x}, {.lr = 1e-4});
    if (seed) optimizer.round_stochastically(*seed);
    for (int i = 0; i < 100; ++i) {
      x.mutable_grad() = torch::ones(10'000, torch::kBFloat16);
      optimizer.step();
    }
    return x.to(torch::kFloat64).mean().item<double>();
  };
  EXPECT_EQ(after(std::nullopt), 1) << "each step is less than half a unit";
  EXPECT_NEAR(after(1), 0.99, 1e-3);
}

TEST(Optimizer, RefusesParametersThatShareMemory) {
  const Tensor block = torch::ones({4, 6});
  const auto make = [](std::vector<Tensor> parameters) {
    return refusal([&] { const Sgd optimizer(std::move(parameters)); });
  };
  EXPECT_EQ(make({block.slice(0, 0, 2), block.slice(0, 2, 4)}), "none") << "disjoint rows";
  EXPECT_EQ(make({block.slice(1, 0, 6, 2), block.slice(1, 1, 6, 2)}), "none")
      << "disjoint columns, interleaved";
  EXPECT_EQ(make({block.slice(0, 0, 3), block.slice(0, 2, 4)}),
            "parameter 1 of group 0 shares memory with parameter 0 of group 0; a weight can be optimized "
            "only once");
  EXPECT_NE(make({block, block}), "none") << "given twice";
  Sgd grown(std::vector<Tensor>{block.slice(0, 0, 3)});
  EXPECT_NE(refusal([&] { grown.add_param_group({{block.slice(0, 2, 4)}}); }), "none") << "added later";
  EXPECT_EQ(grown.param_groups().size(), 1);
  torch::optim::Optimizer& base = grown;
  base.add_param_group({{block.slice(0, 2, 4)}});
  EXPECT_NE(refusal([&] { grown.step(); }), "none") << "added past basin";
}

TEST(Optimizer, CountsTheBytesOfItsState) {
  Problem p(torch::kFloat32);
  Adam optimizer(p.parameters());
  EXPECT_EQ(optimizer.state_bytes(), 0);
  train(p, optimizer, 1);
  EXPECT_EQ(optimizer.state_bytes(), 2 * 4 * (2 * 3 + 3 + 3 + 1));
}

// --- sums over all groups

// Two parameters in separate groups, with these gradients.
std::vector<double> moves_of_two_groups(const std::string& first, const std::string& second,
                                        const Tensor& one, const Tensor& other) {
  const Tensor a = torch::zeros_like(one), b = torch::zeros_like(other);
  Optimizer optimizer({OptimizerParamGroup({a}, std::make_unique<Options>(kernels::Chain::parse(first))),
                       OptimizerParamGroup({b}, std::make_unique<Options>(kernels::Chain::parse(second)))},
                      kernels::Chain::parse("sgd:lr=1"));
  a.mutable_grad() = one, b.mutable_grad() = other;
  optimizer.step();
  return {-a.item<double>(), -b.item<double>()};
}

Tensor number(double value, torch::ScalarType type = torch::kFloat32) { return torch::full({}, value, type); }

TEST(Optimizer, ClipsByTheNormOfAllGroupsAsClipGradNormDoes) {
  const std::string clipped = "clip_global_norm:1+sgd:lr=1";
  for (const auto type : {torch::kFloat32, torch::kFloat64, torch::kBFloat16}) {
    const auto moves = moves_of_two_groups(clipped, clipped, number(3), number(4, type));
    EXPECT_NEAR(moves[0], 0.6, 1e-6);
    EXPECT_NEAR(moves[1], 0.8, type == torch::kBFloat16 ? 0.004 : 1e-6);
  }
  const auto of_two_limits = moves_of_two_groups("clip_global_norm:1+sgd:lr=1",
                                                 "clip_global_norm:2.5+sgd:lr=1", number(3), number(4));
  EXPECT_NEAR(of_two_limits[0], 0.6, 1e-6);
  EXPECT_NEAR(of_two_limits[1], 2, 1e-6);
}

TEST(Optimizer, ClipsBehindLinksThatTheGroupsHaveInCommon) {
  const std::string clipped = "clip_value:2+clip_global_norm:1+sgd:lr=1";
  const auto moves = moves_of_two_groups(clipped, clipped, number(300), number(400));
  EXPECT_NEAR(moves[0], std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(moves[1], std::sqrt(0.5), 1e-6);
}

TEST(Optimizer, GroupsWithOtherLinksAreClippedApart) {
  const auto moves = moves_of_two_groups("clip_global_norm:1+sgd:lr=1", "sgd:lr=1", number(3), number(4));
  EXPECT_NEAR(moves[0], 1, 1e-6);
  EXPECT_NEAR(moves[1], 4, 1e-6);
}

TEST(Optimizer, ANumberThatIsNotFiniteInOneGroupSkipsTheStepOfAll) {
  const std::string guarded = "skip_nonfinite+clip_global_norm:1+sgd:lr=1";
  const auto moves = moves_of_two_groups(guarded, guarded, number(INFINITY), number(4));
  EXPECT_EQ(moves[0], 0);
  EXPECT_EQ(moves[1], 0);
}

}  // namespace
}  // namespace basin::optim
