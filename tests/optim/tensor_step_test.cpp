// The tensor instance of every rule and link compared with the loops: on tensors of the CPU, and on a GPU if
// there is one.
#include "basin/optim/tensor_step.hpp"

#include <torch/version.h>

#include "basin/kernels/driver.hpp"
#include "basin/optim/optim.hpp"
#include "basin/rules/links.hpp"
#include "tests/optim/gpu.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

// Two parameters and the state of a chain for them, stepped by either implementation.
template <class T>
struct Twins {
  static constexpr auto type = std::is_same_v<T, float> ? torch::kFloat32 : torch::kFloat64;
  explicit Twins(const kernels::Chain& c, torch::Device on = torch::kCPU) : chain(c) {
    torch::manual_seed(5);
    for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{7, 30}, {11}}) {
      weights.push_back((torch::rand(shape, type) - 0.5).to(on));
      numbers.emplace_back(chain.rule.table().numbers, 1.0);
      auto& own = slots.emplace_back();
      for (std::size_t i = 0; i < chain.rule.slot_count(); ++i)
        own[i] = chain.rule.table().starts_as_weight(i)
                     ? weights.back().clone()
                     : filled_slot(weights.back(), slot_kind(chain.rule, i), chain.rule.initial(i));
      gradients.emplace_back();
    }
  }
  void draw_gradients(int t) {
    for (std::size_t p = 0; p < weights.size(); ++p)
      gradients[p] = torch::sin(torch::arange(weights[p].numel(), type) * (t + 1) + 1)
                         .reshape(weights[p].sizes())
                         .to(weights[p].device());
  }
  bool step_by_tensors(int t) {
    std::vector<TensorLeaf> leaves;
    for (std::size_t p = 0; p < weights.size(); ++p)
      leaves.push_back({weights[p], gradients[p], slots[p], t, p, numbers[p]});
    return tensor_step(chain, leaves);
  }
  std::vector<kernels::Leaf<T>> leaves(int t) {
    std::vector<kernels::Leaf<T>> out;
    for (std::size_t p = 0; p < weights.size(); ++p) {
      auto& leaf = out.emplace_back();
      leaf.tile = {weights[p].data_ptr<T>(),
                   gradients[p].defined() ? gradients[p].data_ptr<T>() : nullptr,
                   {},
                   static_cast<std::size_t>(weights[p].numel())};
      for (std::size_t i = 0; i < chain.rule.slot_count(); ++i)
        leaf.tile.slots[i] = slots[p][i].data_ptr<T>();
      leaf.step = t;
      leaf.rows = weights[p].dim() > 1 ? static_cast<std::size_t>(weights[p].size(0)) : 0;
      leaf.number = p;
      leaf.numbers = numbers[p];
    }
    return out;
  }
  bool step_by_loops(int t) { return driver.step(chain, leaves(t), {}); }
  double apart(const Twins& other) const {
    double worst = 0;
    for (std::size_t p = 0; p < weights.size(); ++p) {
      const auto see = [&](const Tensor& a, const Tensor& b) {
        worst = std::max(worst, (a.cpu() - b.cpu()).abs().max().template item<double>());
      };
      see(weights[p], other.weights[p]);
      for (std::size_t i = 0; i < chain.rule.slot_count(); ++i) see(slots[p][i], other.slots[p][i]);
    }
    return worst;
  }

  kernels::Chain chain;
  std::vector<Tensor> weights, gradients;
  std::vector<std::array<Tensor, kernels::most_slots>> slots;
  std::vector<std::vector<double>> numbers;
  kernels::Driver<T> driver;
};

template <class T>
double apart_after_steps(const std::string& text, torch::Device on) {
  const auto chain = kernels::Chain::parse(text);
  Twins<T> loops(chain), tensors(chain, on);
  for (int t = 1; t <= 30; ++t) {
    loops.draw_gradients(t), tensors.draw_gradients(t);
    EXPECT_TRUE(loops.step_by_loops(t) && tensors.step_by_tensors(t));
  }
  EXPECT_GT(loops.apart(Twins<T>(chain)), 1e-6) << text << ": nothing moved";
  return loops.apart(tensors);
}

bool has_sums(const kernels::Chain& chain) {
  for (const auto* links : {&chain.before, &chain.after})
    for (const kernels::AnyLink& link : *links)
      if (link.info().scope) return true;
  return chain.rule.table().scope || chain.rule.table().by_matrix;
}

// `rounding`: how far the roundings of one operation move double weights in 30 steps.
void check_rules(torch::Device on, double rounding) {
  for (const RuleInfo& info : catalogue()) {
    const bool summed = has_sums(kernels::Chain::parse(info.name));
    EXPECT_LE(apart_after_steps<double>(info.name, on), summed ? 1e-13 : rounding) << info.name;
    EXPECT_LE(apart_after_steps<float>(info.name, on), summed ? 1e-5 : rounding * 0x1p29) << info.name;
  }
}

// Sums are taken in another order, in double, and noise is drawn in double.
void check_links(torch::Device on) {
  links::All::each([on]<class L>() {
    const std::string name(L::name);
    const std::string text = L::place == basin::Place::gradient ? name + "+adam" : "adam+" + name;
    EXPECT_LE(apart_after_steps<double>(text, on), 1e-13) << text;
    EXPECT_LE(apart_after_steps<float>(text, on), 1e-5) << text;
  });
}

// libtorch 2 rounds some of its own operations differently from the loops; measured: 1.8e-15 and 9.5e-7.
TEST(TensorStep, EveryRuleHasTheBitsOfItsLoops) {
  check_rules(torch::kCPU, TORCH_VERSION_MAJOR < 2 ? 0 : 4e-15);
}
TEST(TensorStep, EveryLinkDoesWhatItsLoopsDo) { check_links(torch::kCPU); }

TEST(TensorStep, LeavesAStepOutAndChangesNothing) {
  const auto chain = kernels::Chain::parse("skip_nonfinite+momentum");
  Twins<double> twins(chain), before(chain);
  twins.draw_gradients(1);
  twins.gradients[1][3] = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(twins.step_by_tensors(1));
  EXPECT_EQ(twins.apart(before), 0);
}

TEST(TensorStep, TurnsAsTheLoopsDo) {
  for (const char* name : {"schedule_free_adamw", "asgd"}) {
    const auto chain = kernels::Chain::parse(name);
    Twins<double> loops(chain), tensors(chain);
    for (int t = 1; t <= 5; ++t) {
      loops.draw_gradients(t), tensors.draw_gradients(t);
      loops.step_by_loops(t), tensors.step_by_loops(t);
    }
    std::vector<TensorLeaf> leaves;
    for (std::size_t p = 0; p < tensors.weights.size(); ++p)
      leaves.push_back({tensors.weights[p], {}, tensors.slots[p], 5, p, tensors.numbers[p]});
    for (const Mode to : {Mode::eval, Mode::train}) {
      loops.driver.turn(to, chain.rule, loops.leaves(5), {});
      tensor_turn(to, chain.rule, leaves);
      EXPECT_EQ(loops.apart(tensors), 0) << name;
    }
  }
}

// A device without data: any access to this machine's memory would fail.
TEST(TensorStep, ServesParametersOnAnotherDevice) {
  const Tensor x = torch::empty({4, 3}, torch::TensorOptions(torch::kMeta)).requires_grad_();
  Optimizer optimizer(std::vector<Tensor>{x}, kernels::Chain::parse("clip_value:1+adamw"));
  for (int i = 0; i < 3; ++i) {
    x.mutable_grad() = torch::empty({4, 3}, torch::TensorOptions(torch::kMeta));
    optimizer.step();
  }
  const auto& state = static_cast<const ParamState&>(*optimizer.state().begin()->second);
  EXPECT_EQ(state.step, 3);
  EXPECT_TRUE(state.slots[1].is_meta());
}

TEST_F(OnGpu, EveryRuleHasTheBitsOfItsLoops) { check_rules(torch::kCUDA, 0); }
TEST_F(OnGpu, EveryLinkDoesWhatItsLoopsDo) { check_links(torch::kCUDA); }

}  // namespace
}  // namespace basin::optim
