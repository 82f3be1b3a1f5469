// Every rule x every promise, from the list: a new rule inherits all of this.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "tests/kernels/awkward.hpp"
#include "tests/kernels/packed_bed.hpp"

namespace basin::kernels {
namespace {

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const RuleInfo& info : catalogue())
    if (info.chain.empty()) names.push_back(info.name);
  return names;
}

class Conformance : public ::testing::TestWithParam<std::string> {
 protected:
  AnyRule rule_ = test::awkward(AnyRule::named(GetParam()));
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
      EXPECT_TRUE(same_bits(reference, after<T>(rule, {.isa = isa, .chunk = chunk})))
          << name_of(isa) << " " << chunk;
    for (const std::size_t threads : {2, 3})
      EXPECT_TRUE(same_bits(reference, after<T>(rule, on_threads(threads, isa))))
          << name_of(isa) << " " << threads << " threads";
    for (const std::size_t misaligned : {1, 3})
      EXPECT_TRUE(same_bits(reference, after<T>(rule, {.isa = isa}, misaligned)))
          << name_of(isa) << " " << misaligned;
  }
}

TEST_P(Conformance, GivesTheSameBitsForEveryIsaThreadChunkAndAlignmentInFloat) {
  expect_same_bits_everywhere<float>(rule_);
}
TEST_P(Conformance, GivesTheSameBitsForEveryIsaThreadChunkAndAlignmentInDouble) {
  expect_same_bits_everywhere<double>(rule_);
}

// Returns the largest difference between rule and oracle after `steps`, relative to weights of about 1. 257
// weights are a vector, 259 a matrix of 7 rows.
template <class T>
double difference_from_oracle(const AnyRule& rule, Step steps, std::size_t size) {
  Bed<T> bed(rule, {size});
  test::Vector x(bed.weights(0), bed.weights(0) + size);
  std::map<std::string, test::Vector> memory;
  test::Knobs knobs = test::knobs_of(rule);
  knobs["rows"] = static_cast<double>(bed.rows(0));
  double worst = 0;
  for (Step t = 1; t <= steps; ++t) {
    bed.draw_gradients(t);
    const test::Vector g(bed.gradients(0), bed.gradients(0) + size);
    test::oracle(rule.info().name)(x, g, memory, knobs, static_cast<int>(t));
    bed.step(t, {});
    for (std::size_t i = 0; i < x.size(); ++i)
      worst = std::max(worst, apart(static_cast<double>(bed.weights(0)[i]), x[i]));
  }
  return worst;
}

// A step rounds about 10 times, each by half a unit in the last place of a weight near 1, and steps add up:
// 300 steps with random signs give about 10 sqrt(300) / 2 units. 1,000 units leave a margin of ten and detect
// every wrong term.
template <class T>
void expect_equal_to_oracle(const AnyRule& rule) {
  EXPECT_LT(difference_from_oracle<T>(rule, 300, 257), 1000 * std::numeric_limits<T>::epsilon());
  if (!rule.table().by_matrix) return;
  EXPECT_LT(difference_from_oracle<T>(rule, 300, 259), 1000 * std::numeric_limits<T>::epsilon()) << "matrix";
}
TEST_P(Conformance, EqualsTheOracleInDouble) { expect_equal_to_oracle<double>(rule_); }
TEST_P(Conformance, EqualsTheOracleInFloat) { expect_equal_to_oracle<float>(rule_); }

TEST_P(Conformance, ReadsAndWritesSubnormalsAsZero) {
  Bed<float> bed(rule_, {64});
  const float subnormal = std::numeric_limits<float>::denorm_min() * 1000;
  for (std::size_t i = 0; i < 64; ++i) bed.gradients(0)[i] = subnormal;
  for (Step t = 1; t <= 3; ++t) bed.step(t, {});
  for (const float value : bed.everything()) EXPECT_NE(std::fpclassify(value), FP_SUBNORMAL);
}

// Like a unit that never fires: a row and a column of a matrix without any gradient.
TEST_P(Conformance, DeadUnitsDoNoHarm) {
  Bed<float> bed(AnyRule::named(GetParam()), {259});
  ASSERT_EQ(bed.rows(0), 7u);
  for (Step t = 1; t <= 5; ++t) {
    bed.draw_gradients(t);
    for (std::size_t i = 0; i < 259; ++i)
      if (i / 37 == 2 || i % 37 == 3) bed.gradients(0)[i] = 0;
    bed.step(t, {});
  }
  for (std::size_t i = 0; i < 259; ++i) EXPECT_TRUE(std::isfinite(bed.weights(0)[i])) << i;
}

// A rule that needs sums may spread it to everything that is summed, but must not hide it.
TEST_P(Conformance, ANanInOneGradientStaysWithItsWeight) {
  Bed<float> clean(rule_, {100}), poisoned(rule_, {100});
  clean.draw_gradients(1);
  poisoned.draw_gradients(1);
  poisoned.gradients(0)[42] = std::numeric_limits<float>::quiet_NaN();
  clean.step(1, {});
  poisoned.step(1, {});
  for (std::size_t i = 0; i < 100; ++i) {
    if (i == 42) {
      EXPECT_TRUE(std::isnan(poisoned.weights(0)[i]));
    } else if (!rule_.table().scope && !rule_.table().by_matrix) {
      EXPECT_EQ(std::bit_cast<std::uint32_t>(clean.weights(0)[i]),
                std::bit_cast<std::uint32_t>(poisoned.weights(0)[i]));
    }
  }
}

// --- one gradient out of range among ordinary ones

constexpr std::size_t meets = 10;  // which has that gradient: of 33, a vector, or 35, a matrix of 7 rows
using Exceptions = std::map<std::string, std::string>;

// Takes ten steps, in one of which a weight has the gradient `extreme`. Returns whether all weights are
// finite after each step if the oracle's are.
bool stays_finite_where_the_oracle_does(const AnyRule& rule, std::size_t size, double extreme, Step at) {
  Bed<double> bed(rule, {size});
  test::Vector x(bed.weights(0), bed.weights(0) + size);
  std::map<std::string, test::Vector> memory;
  test::Knobs knobs = test::knobs_of(rule);
  knobs["rows"] = static_cast<double>(bed.rows(0));
  for (Step t = 1; t <= 10; ++t) {
    bed.draw_gradients(t);
    if (t == at) bed.gradients(0)[meets] = extreme;
    test::oracle(rule.info().name)(x, {bed.gradients(0), bed.gradients(0) + size}, memory, knobs,
                                   static_cast<int>(t));
    bed.step(t);
    for (std::size_t i = 0; i < size; ++i)
      if (std::isfinite(x[i]) && !std::isfinite(bed.weights(0)[i])) return false;
  }
  return true;
}

std::vector<std::size_t> sizes_for(const AnyRule& rule) {
  return rule.table().by_matrix ? std::vector<std::size_t>{33, 35} : std::vector<std::size_t>{33};
}

// The square of a double overflows from 1.3e154; that of a float from 1.8e19.
TEST_P(Conformance, AfterOneGradientOutOfRangeTheWeightsStayFiniteWhereTheOraclesDo) {
  for (const double extreme : {unbounded, -unbounded, 2e154, 1e160, 1e300, -1e300, 1e-310})
    for (const Step at : {1, 5})
      for (const std::size_t size : sizes_for(rule_))
        EXPECT_TRUE(stays_finite_where_the_oracle_does(rule_, size, extreme, at))
            << extreme << " in step " << at << " of " << size << " weights";
}

// Returns the weights after ten steps, in one of which a weight has the gradient `extreme`, in the given
// format.
std::vector<float> after_meeting(const AnyRule& rule, Format format, std::size_t size, float extreme,
                                 Step at) {
  Bed<float> bed(rule, {size});
  PackedBed packed(rule.info().name, format, size);
  packed.chain.rule = rule;
  for (Step t = 1; t <= 10; ++t) {
    if (format == Format::native) {
      bed.draw_gradients(t);
      if (t == at) bed.gradients(0)[meets] = extreme;
      bed.step(t);
    } else {
      packed.draw_gradients(t);
      if (t == at) pack(format, best_isa(), 1, &extreme, &packed.gradients[meets]);
      packed.step(t);
    }
  }
  std::vector<float> out(bed.weights(0), bed.weights(0) + size);
  if (format != Format::native) unpack(format, best_isa(), size, packed.weights.data(), out.data());
  return out;
}

// In float and in 16 bits, a large gradient destroys no weight, whatever the reference does; float16 ends at
// 65,504.
TEST_P(Conformance, OneLargeGradientLeavesFiniteWeightsInFloatAnd16Bits) {
  static const Exceptions exceptions{
      {"ftrl", "the next step takes one infinite sum from another, in the paper and in Keras"},
      {"ftrl_keras", "as ftrl"},
      {"adafactor", "a matrix divides an infinite row by an infinite mean, as in PyTorch"},
      {"came", "as adafactor, as in the authors' code"},
      {"adabound", "the direction may be final_ratio times 1e38; the authors have the rate inside"},
      {"amsbound", "as adabound"}};
  bool all = true;
  for (const auto& [format, extremes] : std::map<Format, std::vector<float>>{
           {Format::native, {1e20f, 1e38f}}, {Format::bfloat16, {1e20f, 1e38f}}, {Format::float16, {6e4f}}})
    for (const float extreme : extremes)
      for (const Step at : {1, 5})
        for (const std::size_t size : sizes_for(rule_)) {
          const bool finite = std::ranges::all_of(after_meeting(rule_, format, size, extreme, at),
                                                  [](float x) { return std::isfinite(x); });
          all &= finite;
          EXPECT_TRUE(finite || exceptions.contains(GetParam()))
              << extreme << " in step " << at << " of " << size << " weights, format "
              << static_cast<int>(format);
        }
  EXPECT_EQ(all, !exceptions.contains(GetParam())) << "an exception that is none any more";
}

// A rule that works weight by weight continues with all other weights as if nothing had happened.
TEST_P(Conformance, OneGradientOutOfRangeConcernsNoOtherWeight) {
  if (rule_.table().scope || rule_.table().by_matrix) GTEST_SKIP() << "it looks at all weights together";
  constexpr float infinite = std::numeric_limits<float>::infinity();
  const std::vector<float> ordinary = after_meeting(rule_, Format::native, 33, 0.1f, 5);
  for (const float extreme : {infinite, -infinite, 1e20f, 1e38f, 1e-40f, std::nanf("")}) {
    std::vector<float> odd = after_meeting(rule_, Format::native, 33, extreme, 5);
    odd[meets] = ordinary[meets];
    EXPECT_TRUE(same_bits(odd, ordinary)) << extreme;
  }
}

using Rates = std::map<std::string, double>;

// A dialect uses the rate of its rule, unless it has its own.
double rate_of(const Rates& rates, const std::string& rule, double otherwise) {
  if (const auto rate = rates.find(rule); rate != rates.end()) return rate->second;
  const std::string& of = find_rule(rule).dialect_of;
  return of.empty() ? otherwise : rate_of(rates, of, otherwise);
}

// Rates with which each rule works.
double rate_for_rosenbrock(const std::string& rule) {
  static const Rates rates{{"sgd", 5e-4},        {"sign_sgd", 5e-4},
                           {"adopt", 0.02},      {"momentum", 2e-4},
                           {"nesterov", 2e-4},   {"asgd", 5e-4},
                           {"adagrad", 0.5},     {"heavy_ball", 2e-4},
                           {"adadelta", 0.01},   {"schedule_free_sgd", 5e-4},
                           {"adabound", 5e-6},   {"amsbound", 5e-6},
                           {"amsgrad", 0.01},    {"amsgradw", 0.01},
                           {"ftrl", 0.5},        {"dog", 1},
                           {"sm3", 0.5},         {"sm3_momentum", 0.5},
                           {"ldog", 1},          {"d_adapt_sgd", 1},
                           {"d_adapt_adamw", 1}, {"prodigy", 1}};
  static const Rates of_dialects{{"adadelta_keras", 0.05}, {"amsgrad_optax", 0.1}, {"yogi_optax", 0.01}};
  return rate_of(of_dialects, rule, rate_of(rates, rule, 2e-3));
}
double rate_for_logistic_regression(const std::string& rule) {
  static const Rates rates{
      {"sgd", 1},           {"momentum", 0.1},     {"nesterov", 0.1}, {"heavy_ball", 0.1},
      {"asgd", 1},          {"adagrad", 0.5},      {"adadelta", 10},  {"schedule_free_sgd", 1},
      {"adabound", 2e-3},   {"amsbound", 2e-3},    {"ftrl", 0.5},     {"dog", 1},
      {"sm3", 0.5},         {"sm3_momentum", 0.5}, {"ldog", 1},       {"d_adapt_sgd", 1},
      {"d_adapt_adamw", 1}, {"prodigy", 1}};
  return rate_of(rates, rule, 0.05);
}

// The value to reach. The exception is Prodigy: its rate grows with the distance moved along the gradients,
// which cancel out in a narrow valley without noise; after 20,000 steps it has barely started.
double goal_for_rosenbrock(const std::string& rule) {
  static const Rates goals{{"prodigy", 20}};
  return rate_of(goals, rule, 0.05);
}

// Rosenbrock's valley from (-1.2, 1), 20,000 steps.
TEST_P(Conformance, DescendsRosenbrock) {
  AnyRule rule = AnyRule::named(GetParam());
  rule.set("lr", rate_for_rosenbrock(GetParam()));
  Bed<double> bed(rule, {2});
  double* x = bed.weights(0);
  x[0] = -1.2, x[1] = 1;
  for (Step t = 1; t <= 20'000; ++t) {
    bed.gradients(0)[0] = -2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] * x[0]);
    bed.gradients(0)[1] = 200 * (x[1] - x[0] * x[0]);
    bed.step(t, {});
  }
  const double value = (1 - x[0]) * (1 - x[0]) + 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]);
  EXPECT_LT(value, goal_for_rosenbrock(GetParam()));  // from 24.2
}

// A separable logistic regression: whether the first of two coordinates is larger. Full batches.
TEST_P(Conformance, SeparatesTwoClasses) {
  AnyRule rule = AnyRule::named(GetParam());
  rule.set("lr", rate_for_logistic_regression(GetParam()));
  Bed<double> bed(rule, {3});
  bed.start(0, {0, 0, 0});
  const double* const w = bed.weights(0);
  constexpr int points = 40;
  double loss = 0;
  for (Step t = 1; t <= 2'000; ++t) {
    Stream random(3, 0, "points");
    double* const g = bed.gradients(0);
    std::fill_n(g, 3, loss = 0);
    for (int i = 0; i < points; ++i) {
      const double a = 2 * random.uniform() - 1, b = 2 * random.uniform() - 1, label = a > b ? 1 : -1;
      const double margin = label * (w[0] * a + w[1] * b + w[2]),
                   slope = -label / (1 + std::exp(margin)) / points;
      loss += std::log1p(std::exp(-margin)) / points;
      g[0] += slope * a, g[1] += slope * b, g[2] += slope;
    }
    bed.step(t);
  }
  EXPECT_LT(loss, 0.1);  // from log 2
}

TEST_P(Conformance, HasKnobsWhoseDefaultsLieInTheirRanges) {
  ASSERT_EQ(rule_.info().knobs.front().name, "lr");
  for (const Knob& knob : rule_.info().knobs) EXPECT_TRUE(knob.range->contains(knob.initial)) << knob.name;
}

INSTANTIATE_TEST_SUITE_P(Rules, Conformance, ::testing::ValuesIn(rule_names()),
                         [](const auto& rule) { return rule.param; });

TEST(Driver, LeavesOfUnlikeStepsUseTheirOwnScalars) {
  const AnyRule rule = AnyRule::named("adam");
  Bed<double> first(rule, {8}), second(rule, {8}), both(rule, {8, 8});
  std::copy_n(both.weights(1), 8, second.weights(0));
  std::vector<Leaf<double>> leaves;
  std::array<std::array<double, 16>, 2> slots{};
  for (std::size_t p = 0; p < 2; ++p) {
    std::fill_n(both.gradients(p), 8, 0.5);
    leaves.push_back(
        {{both.weights(p), both.gradients(p), {slots[p].data(), slots[p].data() + 8}, 8}, p == 0 ? 1 : 7});
  }
  Driver<double>().step(rule, leaves, {});
  std::fill_n(first.gradients(0), 8, 0.5);
  std::fill_n(second.gradients(0), 8, 0.5);
  first.step(1, {});
  second.step(7, {});
  EXPECT_EQ(first.weights(0)[3], both.weights(0)[3]);
  EXPECT_EQ(second.weights(0)[3], both.weights(1)[3]);
}

// Returns the number of parts into which a step is cut if any number of threads is available.
std::size_t parts_of(const std::string& chain, const std::vector<std::size_t>& tensors) {
  Bed<float> bed(Chain::parse(chain), tensors);
  std::size_t most = 1;
  const Parallel counted = [&](std::size_t count, const std::function<void(std::size_t)>& task) {
    most = std::max(most, count);
    for (std::size_t i = 0; i < count; ++i) task(i);
  };
  bed.step(1, {.threads = 1000, .parallel = counted});
  return most;
}

TEST(Driver, ASmallStepStaysOnOneThreadAndALargeOneTakesAsManyAsItsBytesAreWorth) {
  const std::vector<std::size_t> small(200, 1'000);
  for (const char* chain : {"adamw", "sgd", "adan", "clip_global_norm:1+adamw", "adamw+trust_ratio",
                            "adafactor", "prodigy", "clip_value:1+adam+cautious"})
    EXPECT_EQ(parts_of(chain, small), 1u) << chain;
  constexpr std::size_t weights = 2'000'000;
  EXPECT_EQ(parts_of("sgd", {weights}), 12 * weights / worth_a_thread);
  EXPECT_EQ(parts_of("adamw", {weights}), 28 * weights / worth_a_thread);
  EXPECT_EQ(parts_of("clip_value:1+adamw", {weights / 2, weights / 2}), 28 * weights / worth_a_thread);
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
