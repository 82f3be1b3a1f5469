// Every rule x every promise, from the list: a new rule inherits all of this.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

#include "basin/core/philox.hpp"
#include "basin/kernels/driver.hpp"
#include "tests/rules/oracle.hpp"

namespace basin::kernels {
namespace {

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const RuleInfo& info : catalogue()) names.push_back(info.name);
  return names;
}

// Knobs off their defaults, so that every term of a formula counts.
AnyRule awkward(const std::string& name) {
  AnyRule rule = AnyRule::named(name);
  rule.set("lr", 0.01);
  for (const Knob& knob : rule.info().knobs) {
    if (knob.name == "weight_decay") rule.set(knob.name, 0.1);
    if (knob.name == "dampening") rule.set(knob.name, 0.25);
    if (knob.name == "lr_decay") rule.set(knob.name, 0.01);
    if (knob.name == "initial_accumulator_value") rule.set(knob.name, 0.5);
  }
  return rule;
}

// Parameters of several sizes with gradients that change from step to step, optimised by a rule.
template <class T>
class Bed {
 public:
  Bed(const Chain& chain, std::vector<std::size_t> sizes, std::size_t misaligned = 0) : chain_(chain) {
    const AnyRule& rule = chain.rule;
    for (std::size_t p = 0; p < sizes.size(); ++p) {
      Parameter& parameter = parameters_.emplace_back();
      parameter.size = sizes[p];
      parameter.values.resize(2 + rule.slot_count());
      for (auto& values : parameter.values) values.resize(sizes[p] + misaligned);
      parameter.offset = misaligned;
      for (std::size_t i = 0; i < rule.slot_count(); ++i)
        std::ranges::fill(parameter.values[2 + i], static_cast<T>(rule.initial(i)));
      Stream random(1, p, "weights");
      for (std::size_t i = 0; i < sizes[p]; ++i) weights(p)[i] = static_cast<T>(random.uniform() - 0.5);
      for (std::size_t i = 0; i < rule.slot_count(); ++i)
        if (rule.table().starts_as_weight(i)) parameter.values[2 + i] = parameter.values[0];
      parameter.numbers.assign(rule.table().numbers, 1.0);
    }
  }

  T* weights(std::size_t p) { return parameters_[p].values[0].data() + parameters_[p].offset; }
  T* gradients(std::size_t p) { return parameters_[p].values[1].data() + parameters_[p].offset; }
  std::size_t size(std::size_t p) const { return parameters_[p].size; }

  void draw_gradients(Step t) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      Stream random(2, p, "gradients", static_cast<std::uint64_t>(t));
      for (std::size_t i = 0; i < size(p); ++i) gradients(p)[i] = static_cast<T>(random.uniform() - 0.4);
    }
  }

  void step(Step t, const Execution& how) {
    std::vector<Leaf<T>> leaves;
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      Leaf<T>& leaf = leaves.emplace_back(Leaf<T>{{weights(p), gradients(p), {}, size(p)}, t});
      leaf.numbers = parameters_[p].numbers;
      leaf.number = p;
      leaf.rows = size(p) % 7 == 0 ? 7 : 0;
      for (std::size_t i = 0; i < chain_.rule.slot_count(); ++i)
        leaf.tile.slots[i] = parameters_[p].values[2 + i].data() + parameters_[p].offset;
    }
    driver_.step(chain_, leaves, how);
  }

  void run(Step steps, const Execution& how) {
    for (Step t = 1; t <= steps; ++t) draw_gradients(t), step(t, how);
  }

  // Weights and slots, bit by bit.
  std::vector<T> everything() const {
    std::vector<T> out;
    for (const Parameter& p : parameters_)
      for (std::size_t v = 0; v < p.values.size(); ++v)
        if (v != 1) out.insert(out.end(), p.values[v].begin() + static_cast<std::ptrdiff_t>(p.offset), p.values[v].end());
    return out;
  }

 private:
  struct Parameter {
    std::size_t size = 0, offset = 0;
    std::vector<std::vector<T>> values;  // weights, gradients, slots
    std::vector<double> numbers;
  };
  Chain chain_;
  Driver<T> driver_;
  std::vector<Parameter> parameters_;
};

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

Parallel real_threads() {
  return [](std::size_t count, const std::function<void(std::size_t)>& task) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back(task, i);
    for (std::thread& thread : threads) thread.join();
  };
}

class Conformance : public ::testing::TestWithParam<std::string> {
 protected:
  AnyRule rule_ = awkward(GetParam());
};

const std::vector<std::size_t> sizes{100'003, 0, 1, 33, 70'000};

template <class T>
std::vector<T> after(const AnyRule& rule, const Execution& how, std::size_t misaligned = 0) {
  Bed<T> bed(rule, sizes, misaligned);
  bed.run(4, how);
  return bed.everything();
}

template <class T>
void expect_same_bits_everywhere(const AnyRule& rule) {
  const std::vector<T> reference = after<T>(rule, {.isa = Isa::baseline});
  for (const Isa isa : isas) {
    if (!machine_has(isa)) continue;
    for (const std::size_t chunk : {0, 7, 1024, 65'536})
      EXPECT_TRUE(same_bits(reference, after<T>(rule, {.isa = isa, .chunk = chunk}))) << name_of(isa) << " " << chunk;
    for (const std::size_t threads : {2, 3})
      EXPECT_TRUE(same_bits(reference, after<T>(rule, {.isa = isa, .threads = threads, .parallel = real_threads()})))
          << name_of(isa) << " " << threads << " threads";
    for (const std::size_t misaligned : {1, 3})
      EXPECT_TRUE(same_bits(reference, after<T>(rule, {.isa = isa}, misaligned))) << name_of(isa) << " " << misaligned;
  }
}

TEST_P(Conformance, GivesTheSameBitsForEveryIsaThreadChunkAndAlignmentInFloat) { expect_same_bits_everywhere<float>(rule_); }
TEST_P(Conformance, GivesTheSameBitsForEveryIsaThreadChunkAndAlignmentInDouble) { expect_same_bits_everywhere<double>(rule_); }

test::Knobs knobs_of_rule(const AnyRule& rule) {
  test::Knobs out;
  for (const Knob& knob : rule.info().knobs) out[std::string(knob.name)] = rule.get(knob.name);
  return out;
}

// The largest difference between rule and oracle after `steps`, relative to weights of about 1.
template <class T>
double difference_from_oracle(const AnyRule& rule, Step steps) {
  Bed<T> bed(rule, {257});
  test::Vector x(bed.weights(0), bed.weights(0) + 257);
  std::map<std::string, test::Vector> memory;
  const test::Knobs knobs = knobs_of_rule(rule);
  double worst = 0;
  for (Step t = 1; t <= steps; ++t) {
    bed.draw_gradients(t);
    const test::Vector g(bed.gradients(0), bed.gradients(0) + 257);
    test::oracle(rule.info().name)(x, g, memory, knobs, static_cast<int>(t));
    bed.step(t, {});
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - static_cast<double>(bed.weights(0)[i])));
  }
  return worst;
}

// A step rounds some 10 times, each by half a unit of the last place of a weight near 1, and steps add up: 300 steps of
// random signs give some 10 sqrt(300) / 2 units; 1,000 units leave a margin of ten and catch every wrong term.
TEST_P(Conformance, EqualsTheOracleInDouble) {
  EXPECT_LT(difference_from_oracle<double>(rule_, 300), 1000 * std::numeric_limits<double>::epsilon());
}
TEST_P(Conformance, EqualsTheOracleInFloat) {
  EXPECT_LT(difference_from_oracle<float>(rule_, 300), 1000 * std::numeric_limits<float>::epsilon());
}

TEST_P(Conformance, ReadsAndWritesSubnormalsAsZero) {
  Bed<float> bed(rule_, {64});
  const float subnormal = std::numeric_limits<float>::denorm_min() * 1000;
  for (std::size_t i = 0; i < 64; ++i) bed.gradients(0)[i] = subnormal;
  for (Step t = 1; t <= 3; ++t) bed.step(t, {});
  for (const float value : bed.everything()) EXPECT_NE(std::fpclassify(value), FP_SUBNORMAL);
}

TEST_P(Conformance, ANanInOneGradientStaysWithItsWeight) {
  Bed<float> clean(rule_, {100}), poisoned(rule_, {100});
  clean.draw_gradients(1);
  poisoned.draw_gradients(1);
  poisoned.gradients(0)[42] = std::numeric_limits<float>::quiet_NaN();
  clean.step(1, {});
  poisoned.step(1, {});
  for (std::size_t i = 0; i < 100; ++i) {
    if (i == 42) EXPECT_TRUE(std::isnan(poisoned.weights(0)[i]));
    else EXPECT_EQ(std::bit_cast<std::uint32_t>(clean.weights(0)[i]), std::bit_cast<std::uint32_t>(poisoned.weights(0)[i]));
  }
}

// Rosenbrock's valley from (-1.2, 1); 20,000 steps at a rate that each rule can live with.
TEST_P(Conformance, DescendsRosenbrock) {
  AnyRule rule = AnyRule::named(GetParam());
  const bool plain = rule.info().name == "sgd" || rule.info().name == "momentum" || rule.info().name == "nesterov";
  rule.set("lr", rule.info().name == "adagrad" ? 0.5 : plain ? 2e-4 : 2e-3);
  Bed<double> bed(rule, {2});
  double* x = bed.weights(0);
  x[0] = -1.2, x[1] = 1;
  for (Step t = 1; t <= 20'000; ++t) {
    bed.gradients(0)[0] = -2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] * x[0]);
    bed.gradients(0)[1] = 200 * (x[1] - x[0] * x[0]);
    bed.step(t, {});
  }
  const double value = (1 - x[0]) * (1 - x[0]) + 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]);
  EXPECT_LT(value, 0.05);  // from 24.2
}

TEST_P(Conformance, HasKnobsWhoseDefaultsLieInTheirRanges) {
  ASSERT_EQ(rule_.info().knobs.front().name, "lr");
  for (const Knob& knob : rule_.info().knobs) EXPECT_TRUE(knob.range->contains(knob.initial)) << knob.name;
}

INSTANTIATE_TEST_SUITE_P(Rules, Conformance, ::testing::ValuesIn(rule_names()), [](const auto& rule) { return rule.param; });

TEST(Driver, LeavesOfUnlikeStepsUseTheirOwnScalars) {
  const AnyRule rule = AnyRule::named("adam");
  Bed<double> first(rule, {8}), second(rule, {8}), both(rule, {8, 8});
  std::copy_n(both.weights(1), 8, second.weights(0));
  std::vector<Leaf<double>> leaves;
  std::array<std::array<double, 16>, 2> slots{};
  for (std::size_t p = 0; p < 2; ++p) {
    std::fill_n(both.gradients(p), 8, 0.5);
    leaves.push_back({{both.weights(p), both.gradients(p), {slots[p].data(), slots[p].data() + 8}, 8}, p == 0 ? 1 : 7});
  }
  Driver<double>().step(rule, leaves, {});
  std::fill_n(first.gradients(0), 8, 0.5);
  std::fill_n(second.gradients(0), 8, 0.5);
  first.step(1, {});
  second.step(7, {});
  EXPECT_EQ(first.weights(0)[3], both.weights(0)[3]);
  EXPECT_EQ(second.weights(0)[3], both.weights(1)[3]);
}

TEST(AnyRuleTest, IsComparedByRuleAndSettings) {
  AnyRule a = AnyRule::named("adam"), b = AnyRule::named("adam");
  EXPECT_EQ(a, b);
  b.set("beta1", 0.8);
  EXPECT_NE(a, b);
  EXPECT_NE(a, AnyRule::named("adamw"));
  EXPECT_THROW(AnyRule::named("adma"), InputError);
  EXPECT_THROW(b.get("beta9"), InputError);
}

}  // namespace
}  // namespace basin::kernels
