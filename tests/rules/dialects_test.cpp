// Dialects compared with the numbers that their libraries publish, and with PyTorch's rules where both must
// agree.
//
// Keras   keras/src/optimizers/*_test.py, test_correctness_with_golden: ten weights of 1, one gradient of
//         0.01 each, then 0.1, 0.2 ... 1 each step; the weights after five steps, to four digits.
//         test_single_step: one step of [1, 2, 3, 4] under [1, 6, 7, 2]. test_weight_decay: a weight of 2
//         without gradient, three steps at a rate of 1 and a decay of 0.004
// Optax   the examples in the documentation of optax/_src/alias.py: x^2 + y^2 + z^2 from (1, 2, 3), after
//         each of five steps, to three digits
//
// The numbers are matched to half of their last digit; Keras's own tests require 5e-4 of the number plus
// 5e-4.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "basin/rules/rules.hpp"
#include "tests/kernels/bed.hpp"

namespace basin::kernels {
namespace {

using namespace rules;

using Weights = std::vector<double>;
constexpr double four_digits = 0.51e-4;
constexpr double one_for_all = 5e-4;  // Keras's own, for one number and ten weights that differ

Weights weights(Bed<double>& bed) { return {bed.weights(0), bed.weights(0) + bed.size(0)}; }

void expect_near(const Weights& a, const Weights& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << i;
}

// `path` holds the weights after each step: ten, or one for all ten.
void expect_golden(const Chain& chain, const std::vector<Weights>& path, double tolerance = four_digits) {
  Bed<double> bed(chain, {10});
  bed.start(0, Weights(10, 1));
  for (std::size_t step = 0; step < path.size(); ++step) {
    for (std::size_t i = 0; i < 10; ++i)
      bed.gradients(0)[i] = step == 0 ? 0.01 : static_cast<double>(i + 1) / 10;
    bed.step(static_cast<Step>(step + 1));
    expect_near(weights(bed), path[step].size() == 1 ? Weights(10, path[step][0]) : path[step], tolerance);
  }
}

template <Rule R>
void expect_golden(const R& rule, const std::vector<Weights>& path, double tolerance = four_digits) {
  expect_golden(Chain(AnyRule(rule)), path, tolerance);
}

Weights single_step(const Chain& chain) {
  Bed<double> bed(chain, {4});
  bed.start(0, {1, 2, 3, 4});
  const Weights gradient{1, 6, 7, 2};
  std::ranges::copy(gradient, bed.gradients(0));
  bed.step(1);
  return weights(bed);
}

// The value of the square after each step, to three digits.
void expect_descent(const AnyRule& rule, const Weights& values) {
  Bed<double> bed(rule, {3});
  bed.start(0, {1, 2, 3});
  double* const x = bed.weights(0);
  for (std::size_t step = 0; step < values.size(); ++step) {
    for (std::size_t i = 0; i < 3; ++i) bed.gradients(0)[i] = 2 * x[i];
    bed.step(static_cast<Step>(step + 1));
    const double digit = std::pow(10, std::floor(std::log10(values[step])) - 2);
    EXPECT_NEAR(x[0] * x[0] + x[1] * x[1] + x[2] * x[2], values[step], 0.501 * digit)
        << rule.info().name << " after step " << step + 1;
  }
}

TEST(Dialects, RmsPropOfKeras) {
  expect_golden(RmsPropCenteredKeras{}, {{0.9967}, {0.9933}, {0.9908}, {0.9885}, {0.9864}});
  expect_near(single_step(AnyRule(RmsPropKeras{.lr = 0.5})), {-0.5811, 0.4189, 1.4189, 2.4189}, four_digits);
}

// The example in the docstring: var ** 2 / 2 from 10.
TEST(Dialects, RmsPropOfKerasInItsDocumentation) {
  Bed<double> bed(AnyRule(RmsPropKeras{.lr = 0.1}), {1});
  bed.start(0, {10});
  bed.gradients(0)[0] = 10;
  bed.step(1);
  EXPECT_NEAR(bed.weights(0)[0], 9.683772, 1e-6);
}

TEST(Dialects, RmsPropOfOptax) {
  expect_descent(AnyRule(RmsPropOptax{.lr = 0.003}), {13.9, 13.8, 13.7, 13.7, 13.6});
}

TEST(Dialects, AdagradOfKeras) {
  expect_golden(AdagradKeras{.lr = 0.2, .initial_accumulator_value = 0.3, .eps = 1e-6},
                {{0.9963},
                 {0.9604, 0.9278, 0.9003, 0.8784, 0.8615, 0.8487, 0.8388, 0.8313, 0.8255, 0.8209},
                 {0.9251, 0.8629, 0.8137, 0.7768, 0.7497, 0.7298, 0.7151, 0.704, 0.6956, 0.6891},
                 {0.8903, 0.8012, 0.7342, 0.6862, 0.6521, 0.6277, 0.6099, 0.5967, 0.5867, 0.579},
                 {0.856, 0.7422, 0.6604, 0.6037, 0.5644, 0.5367, 0.5168, 0.5021, 0.491, 0.4825}});
  expect_near(single_step(AnyRule(AdagradKeras{.lr = 0.5})), {0.5233, 1.5007, 2.5005, 3.5061}, four_digits);
}

TEST(Dialects, AdagradOfOptax) {
  expect_descent(AnyRule(AdagradKeras{.lr = 1}), {5.01, 2.40, 1.25, 0.686, 0.385});
}

TEST(Dialects, AdadeltaOfKeras) {
  expect_golden(AdadeltaKeras{.lr = 1, .rho = 0.8, .eps = 1e-6},
                {{0.9978}, {0.9947}, {0.9915}, {0.9882}, {0.9849}});
  expect_near(single_step(AnyRule(AdadeltaKeras{.lr = 0.5})), {0.9993, 1.9993, 2.9993, 3.9993}, four_digits);
}

// The golden test is for Keras's AMSGrad; its gradients do not decrease, for which that equals Adam.
TEST(Dialects, AdamAndAmsgradOfKeras) {
  const std::vector<Weights> golden{{0.999}, {0.9982}, {0.9974}, {0.9965}, {0.9955}};
  expect_golden(AmsgradKeras{}, golden, one_for_all);
  expect_golden(AdamKeras{}, golden, one_for_all);
  expect_near(single_step(AnyRule(AdamKeras{.lr = 0.5})), {0.5, 1.5, 2.5, 3.5}, four_digits);
}

TEST(Dialects, AdamWOfKeras) {
  expect_golden(AdamWKeras{.lr = 1, .eps = 2, .weight_decay = 0.5},
                {{0.4998},
                 {0.2486, 0.2475, 0.2463, 0.2451, 0.244, 0.2428, 0.2417, 0.2405, 0.2394, 0.2382},
                 {0.1223, 0.1198, 0.1174, 0.1149, 0.1124, 0.11, 0.1075, 0.1051, 0.1027, 0.1003},
                 {0.0586, 0.0549, 0.0512, 0.0475, 0.0439, 0.0402, 0.0366, 0.033, 0.0294, 0.0258},
                 {0.0263, 0.0215, 0.0167, 0.012, 0.0073, 0.0026, -0.0021, -0.0067, -0.0113, -0.0159}});
  expect_near(single_step(AnyRule(AdamWKeras{.lr = 0.5})), {0.4980, 1.4960, 2.494, 3.492}, four_digits);
}

TEST(Dialects, AdamAndAdamWOfOptax) {
  const Weights values{14.0, 13.9, 13.9, 13.9, 13.8};
  expect_descent(AnyRule(AdamOptax{.lr = 0.003}), values);
  expect_descent(AnyRule(AdamWOptax{.lr = 0.003}), values);
}

TEST(Dialects, AdamaxOfKeras) {
  expect_golden(AdamaxKeras{.lr = 0.2, .beta1 = 0.85, .beta2 = 0.95, .eps = 1e-6},
                {{0.8},
                 {0.6827, 0.6873, 0.6888, 0.6896, 0.6901, 0.6904, 0.6906, 0.6908, 0.6909, 0.691},
                 {0.5333, 0.5407, 0.5431, 0.5444, 0.5451, 0.5456, 0.546, 0.5462, 0.5464, 0.5466},
                 {0.368, 0.3773, 0.3804, 0.382, 0.3829, 0.3835, 0.384, 0.3843, 0.3846, 0.3848},
                 {0.1933, 0.204, 0.2076, 0.2094, 0.2105, 0.2112, 0.2117, 0.2121, 0.2124, 0.2126}});
}

TEST(Dialects, NAdamOfKeras) {
  expect_golden(NAdamKeras{.lr = 0.5, .beta1 = 0.5, .beta2 = 0.67, .eps = 1e-5},
                {{0.4281},
                 {-0.1738, -0.1731, -0.1726, -0.1723, -0.1721, -0.172, -0.1719, -0.1718, -0.1718, -0.1717},
                 {-0.7115, -0.7103, -0.7096, -0.7092, -0.709, -0.7088, -0.7086, -0.7085, -0.7085, -0.7084},
                 {-1.2335, -1.2322, -1.2313, -1.2309, -1.2306, -1.2304, -1.2302, -1.2301, -1.23, -1.2299},
                 {-1.7492, -1.7478, -1.7469, -1.7464, -1.7461, -1.7459, -1.7457, -1.7456, -1.7455, -1.7454}});
  expect_near(single_step(AnyRule(NAdamKeras{.lr = 0.5})), {0.4686, 1.4686, 2.4686, 3.4686}, four_digits);
}

TEST(Dialects, NAdamOfOptax) {
  expect_descent(AnyRule(NAdamOptax{.lr = 0.003}), {13.9, 13.9, 13.9, 13.8, 13.8});
}

TEST(Dialects, RAdamOfOptax) {
  expect_descent(AnyRule(RAdamOptax{.lr = 0.003}), {13.8, 13.7, 13.5, 13.3, 13.2});
}

TEST(Dialects, YogiOfOptax) {
  expect_descent(AnyRule(YogiOptax{.lr = 0.002}), {14.0, 14.0, 13.9, 13.9, 13.9});
}

// Keras's golden test of FTRL uses a learning_rate_power that basin does not have.
TEST(Dialects, FtrlOfKeras) {
  expect_near(single_step(AnyRule(FtrlKeras{.lr = 0.5})), {0.2218, 1.3954, 2.3651, 2.8814}, four_digits);
}

TEST(Dialects, NesterovOfKeras) {
  std::vector<Weights> path{{0.9999}, {}, {}, {}, {}};
  for (std::size_t step = 1; step < 5; ++step)
    for (std::size_t i = 1; i <= 10; ++i)
      path[step].push_back(0.9999 - 0.001 * static_cast<double>(step * i));
  expect_golden(NesterovKeras{.momentum = 0}, path);  // what the test prints, with a momentum of 0
}

// Rules that need no dialect for Keras: its numbers are those of the rule here.
TEST(Dialects, LionAndLambAreTheSameInKeras) {
  expect_golden(Lion{.lr = 1e-3}, {{0.999}, {0.998}, {0.997}, {0.996}, {0.995}});
  Chain lamb = Chain::parse("lamb");
  lamb.rule.set("eps", 1e-7), lamb.rule.set("weight_decay", 0);
  expect_golden(lamb, {{0.999}, {0.9982}, {0.9974}, {0.9965}, {0.9955}}, 2 * one_for_all);
  lamb.rule.set("lr", 0.5);
  expect_near(single_step(lamb), {-0.3693, 0.6306, 1.6306, 2.6306}, 2 * four_digits);
}

template <Rule R>
double decayed(const R& rule) {
  Bed<double> bed(AnyRule(rule), {1});
  bed.start(0, {2});
  bed.gradients(0)[0] = 0;
  for (Step t = 1; t <= 3; ++t) bed.step(t);
  return bed.weights(0)[0];
}

TEST(Dialects, DecayOfKerasIsTakenFromTheWeightsWhateverTheRule) {
  for (const double weight : {decayed(MomentumKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(NesterovKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(RmsPropKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(RmsPropMomentumKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(RmsPropCenteredKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(RmsPropCenteredMomentumKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(AdagradKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(AdadeltaKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(AdamKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(AdamWKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(AmsgradKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(AdamaxKeras{.lr = 1, .weight_decay = 0.004}),
                              decayed(NAdamKeras{.lr = 1, .weight_decay = 0.004})})
    EXPECT_NEAR(weight, 1.9760959, 1e-7);
}

template <Rule R>
Weights walk(const R& rule, Step steps = 100) {
  Bed<double> bed(AnyRule(rule), {64});
  for (Step t = 1; t <= steps; ++t) bed.draw_gradients(t), bed.step(t);
  return weights(bed);
}

// 100 steps that each round a few times, for weights near 1.
constexpr double rounding = 1000 * std::numeric_limits<double>::epsilon();

// With PyTorch's settings and no eps, a dialect equals the rule.
TEST(Dialects, WithoutEpsTheyAreTheRule) {
  expect_near(walk(RmsPropKeras{.lr = 0.01, .alpha = 0.99, .eps = 0}), walk(RmsProp{.eps = 0}), rounding);
  expect_near(walk(RmsPropMomentumKeras{.lr = 0.01, .alpha = 0.99, .eps = 0}),
              walk(RmsPropMomentum{.eps = 0}), rounding);
  expect_near(walk(AdagradKeras{.lr = 0.01, .initial_accumulator_value = 0.5, .eps = 0}),
              walk(Adagrad{.initial_accumulator_value = 0.5, .eps = 0}), rounding);
  expect_near(walk(AdadeltaKeras{.lr = 1, .rho = 0.9, .eps = 1e-6}), walk(Adadelta{}), rounding);
  expect_near(walk(AdamKeras{.eps = 0}), walk(Adam{.eps = 0}), rounding);
  expect_near(walk(AdamKeras{.eps = 1e-8}), walk(SparseAdam{}), rounding);
  expect_near(walk(AdamWKeras{.eps = 0, .weight_decay = 0.1}), walk(AdamW{.eps = 0, .weight_decay = 0.1}),
              rounding);
  expect_near(walk(AmsgradKeras{.eps = 0}), walk(Amsgrad{.eps = 0}), rounding);
  expect_near(walk(AdamaxKeras{.lr = 2e-3, .eps = 0}), walk(Adamax{.eps = 0}), rounding);
  expect_near(walk(NAdamKeras{.lr = 2e-3, .eps = 1e-8}), walk(NAdam{.momentum_decay = 1}), rounding);
  expect_near(walk(RAdamOptax{.eps = 0}), walk(RAdam{.eps = 0}), rounding);
}

TEST(Dialects, AreTheRuleWithItsSettings) {
  expect_near(walk(AdamOptax{}), walk(Adam{}), rounding);
  expect_near(walk(AdamWOptax{.weight_decay = 0.1}), walk(AdamW{.weight_decay = 0.1}), rounding);
  expect_near(walk(AdamWPaper{.lr = 0.01, .weight_decay = 1e-3}),
              walk(AdamW{.lr = 0.01, .weight_decay = 0.1}), rounding);
  expect_near(walk(MomentumKeras{}), walk(Momentum{}), rounding);
  expect_near(walk(NesterovKeras{}), walk(Nesterov{}), rounding);
  EXPECT_EQ(walk(RmsPropOptax{.lr = 1e-3, .eps = 1e-7}), walk(RmsPropKeras{}));
  EXPECT_EQ(walk(RmsPropTf1{.eps = 1e-8, .initial_accumulator_value = 0}), walk(RmsPropOptax{}));
  EXPECT_EQ(walk(RmsPropMomentumTf1{.lr = 1e-3, .eps = 1e-7, .initial_accumulator_value = 0}),
            walk(RmsPropMomentumKeras{}));
}

// Two steps of opposite sign: the second moves by the remainder of both, the first of which had twice the
// rate.
TEST(Dialects, LaPropOfItsAuthorsAveragesRatesAndDecaysWithoutOne) {
  const auto moved = [](const AnyRule& rule) {
    Bed<double> bed(rule, {1});
    bed.start(0, {1});
    for (Step t = 1; t <= 2; ++t) {
      bed.chain().rule.set("lr", t == 1 ? 0.01 : 0.005);
      bed.gradients(0)[0] = t == 1 ? 0.3 : -0.3;
      bed.step(t);
    }
    return 1 - bed.weights(0)[0];
  };
  const double plain = 0.005 * (0.9 - 1) / (0.9 + 1), authors = 0.005 * (0.009 - 0.005) / (0.009 + 0.005);
  EXPECT_NEAR(moved(AnyRule(LaProp{.eps = 0})), 0.01 + plain, 1e-15);
  EXPECT_NEAR(moved(AnyRule(LaPropAuthors{.eps = 0})), 0.01 + authors, 1e-15);
  expect_near(single_step(AnyRule(LaPropAuthors{.lr = 0.5, .weight_decay = 0.1})), {0.45, 1.35, 2.25, 3.15},
              1e-12);
  expect_near(walk(LaPropAuthors{}), walk(LaProp{}), rounding);
}

TEST(Dialects, ProdigyOfItsAuthorsIsProdigyWithoutEps) {
  EXPECT_EQ(walk(ProdigyAuthors{.eps = 0}), walk(Prodigy{.eps = 0}));
  EXPECT_NE(walk(ProdigyAuthors{.eps = 1e-3}), walk(Prodigy{.eps = 1e-3}));
}

// A weight of 0 has nothing to discard.
TEST(Dialects, FtrlOfKerasForgetsTheWeightsAndIsFtrlWithoutThem) {
  const auto from = [](const AnyRule& rule, double start) {
    Bed<double> bed(rule, {64});
    bed.start(0, Weights(64, start));
    for (Step t = 1; t <= 100; ++t) bed.draw_gradients(t), bed.step(t);
    return weights(bed);
  };
  const AnyRule ftrl(Ftrl{.lr = 0.1, .l1 = 0.01, .l2 = 0.2}),
      keras(FtrlKeras{.lr = 0.1, .l1 = 0.01, .l2 = 0.1});
  expect_near(from(keras, 0), from(ftrl, 0), rounding);
  EXPECT_GT(std::abs(from(keras, 1)[0] - from(ftrl, 1)[0]), 0.1);
}

// A rate that falls to 0 stops PyTorch's momentum at once, but leaves Keras's velocity as it is.
TEST(Dialects, ARateInsideTheVelocityIsThatOfItsTime) {
  const auto way_without_rate = [](AnyRule rule) {
    Bed<double> bed(rule, {1});
    bed.start(0, {0});
    bed.gradients(0)[0] = 1;
    bed.step(1);
    bed.chain().rule.set("lr", 0);
    const double before = bed.weights(0)[0];
    bed.step(2);
    return before - bed.weights(0)[0];
  };
  EXPECT_EQ(way_without_rate(AnyRule(Nesterov{})), 0);
  EXPECT_NEAR(way_without_rate(AnyRule(NesterovKeras{})), 0.9 * 0.9 * 0.01, rounding);
  EXPECT_EQ(way_without_rate(AnyRule(RmsPropMomentum{})), 0);
  EXPECT_NEAR(way_without_rate(AnyRule(RmsPropMomentumTf1{})), 0.9 * 0.01 / std::sqrt(1 + 1e-10), rounding);
}

}  // namespace
}  // namespace basin::kernels
