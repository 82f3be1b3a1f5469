// Rules compared with each other and with consequences of their papers: identities that need no second
// implementation.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "basin/rules/rules.hpp"
#include "tests/kernels/bed.hpp"

namespace basin::kernels {
namespace {

constexpr std::size_t count = 64;
using Weights = std::vector<double>;

template <Rule R>
Bed<double> bed_of(const R& rule) {
  return {AnyRule(rule), {count}};
}

Weights weights(Bed<double>& bed) { return {bed.weights(0), bed.weights(0) + count}; }

// Returns where a rule ends on gradients that do not depend on it, each multiplied by `scale(t)`.
Weights walk(Bed<double> bed, Step steps, double (*scale)(Step t) = [](Step) { return 1.0; }) {
  for (Step t = 1; t <= steps; ++t) {
    bed.draw_gradients(t);
    for (std::size_t i = 0; i < count; ++i) bed.gradients(0)[i] *= scale(t);
    bed.step(t);
  }
  return weights(bed);
}

// 200 steps that each round a few times, for weights near 1: at most about 1,000 units in the last place.
constexpr double rounding = 1000 * std::numeric_limits<double>::epsilon();

void expect_near(const Weights& a, const Weights& b, double tolerance = rounding) {
  for (std::size_t i = 0; i < count; ++i) EXPECT_NEAR(a[i], b[i], tolerance) << i;
}

// The initial weights for a constant gradient of either sign, and the weights after `steps`.
template <Rule R>
double distance_under(double gradient, const R& rule, Step steps = 1) {
  Bed<double> bed = bed_of(rule);
  bed.start(0, Weights(count, 0));
  for (Step t = 1; t <= steps; ++t) {
    std::fill_n(bed.gradients(0), count, gradient);
    bed.step(t);
  }
  return -bed.weights(0)[0];
}

using namespace rules;

TEST(Identities, SignumWithoutMomentumIsSignSgdAndTigerIsSignum) {
  EXPECT_EQ(walk(bed_of(Signum{.momentum = 0, .weight_decay = 0.1}), 200),
            walk(bed_of(SignSgd{.weight_decay = 0.1}), 200));
  EXPECT_EQ(walk(bed_of(Tiger{.lr = 1e-3}), 200),
            walk(bed_of(Signum{.lr = 1e-3, .momentum = 0.965, .weight_decay = 0.01}), 200));
}

// Without a mean, the gradient never surprises: the second moment is just accumulated eps.
TEST(Identities, AdaBeliefWithoutMomentumIsSgdWithAKnownRate) {
  const double eps = 1e-6;
  EXPECT_NEAR(distance_under(0.3, AdaBelief{.lr = 0.01, .beta1 = 0, .eps = eps}),
              0.01 * 0.3 / (std::sqrt(eps / (1 - 0.999)) + eps), rounding);
}

// A second moment below the square grows by (1-b2) of it, whatever its value.
TEST(Identities, YogiGrowsByEqualSteps) {
  const Yogi yogi{.lr = 0.01, .beta1 = 0, .eps = 0, .initial_accumulator_value = 0};
  double expected = 0;
  for (int t = 1; t <= 20; ++t) expected += 0.01 / std::sqrt(t * (1 - 0.999));
  EXPECT_NEAR(distance_under(0.3, yogi, 20), expected, rounding);
}

// Once the bounds have closed, it is SGD with momentum, with dampening from the first step on.
TEST(Identities, AdaBoundEndsAsSgdWithMomentum) {
  const Weights momentum = walk(bed_of(Momentum{.lr = 0.1 * 1e-3}), 200);
  for (const Weights& bounded : {walk(bed_of(AdaBound{.final_ratio = 1, .gamma = 1e12}), 200),
                                 walk(bed_of(AmsBound{.final_ratio = 1, .gamma = 1e12}), 200)})
    expect_near(bounded, momentum, 1e-11);
}

TEST(Identities, AdanWithoutLookAheadIsAdam) {
  expect_near(walk(bed_of(Adan{.lr = 0.01, .beta1 = 0.9, .beta2 = 0, .beta3 = 0.999}), 200),
              walk(bed_of(Adam{.lr = 0.01}), 200));
}

TEST(Identities, LaPropWithoutMomentumIsAdamWithoutMomentum) {
  expect_near(walk(bed_of(LaProp{.lr = 0.01, .beta1 = 0, .eps = 1e-8}), 200),
              walk(bed_of(Adam{.lr = 0.01, .beta1 = 0}), 200));
}

// It waits for one gradient, then moves by lr as long as the gradient stays the same.
TEST(Identities, AdoptMovesByTheRateFromTheSecondStepOn) {
  const Adopt adopt{.lr = 0.01, .beta1 = 0};
  EXPECT_EQ(distance_under(0.3, adopt, 1), 0);
  EXPECT_NEAR(distance_under(0.3, adopt, 21), 20 * 0.01, rounding);
}

TEST(Identities, AdEmaMixWithoutMixtureIsAdamW) {
  expect_near(walk(bed_of(AdEmaMix{.lr = 0.01, .alpha = 0, .weight_decay = 0.1}), 200),
              walk(bed_of(AdamW{.lr = 0.01, .weight_decay = 0.1}), 200));
}

// With a momentum near 0, the gradient is taken at the fast weights, which are those of SGD.
TEST(Identities, ScheduleFreeSgdWithoutMomentumIsSgd) {
  expect_near(walk(bed_of(ScheduleFreeSgd{.lr = 0.01, .momentum = 1e-14, .weight_decay = 0.1}), 200),
              walk(bed_of(Sgd{.lr = 0.01, .weight_decay = 0.1}), 200));
}

TEST(Identities, FtrlWithoutPenaltiesIsAdagrad) {
  expect_near(walk(bed_of(Ftrl{.lr = 0.1, .initial_accumulator_value = 0.2}), 200),
              walk(bed_of(Adagrad{.lr = 0.1, .initial_accumulator_value = 0.2, .eps = 0}), 200));
}

// With an L1 penalty above the slope, the weights are zero to the bit.
TEST(Identities, FtrlWithL1HasWeightsOfZero) {
  EXPECT_EQ(distance_under(0.01, Ftrl{.lr = 0.1, .l1 = 1}, 50), 0);
  EXPECT_GT(distance_under(2, Ftrl{.lr = 0.1, .l1 = 1}, 50), 0);
}

TEST(Identities, MarsWithoutLookAheadIsAdamWWhereNothingIsClipped) {
  const auto small = [](Step) { return 0.01; };
  expect_near(walk(bed_of(Mars{.lr = 0.01, .weight_decay = 0.1, .gamma = 0}), 200, small),
              walk(bed_of(AdamW{.lr = 0.01, .beta1 = 0.95, .beta2 = 0.99, .weight_decay = 0.1}), 200, small));
}

// With a curvature: Newton's step if it is short, and never further than the rate.
TEST(Identities, SophiaIsClippedNewton) {
  for (const auto& [curvature, step] : {std::pair(10.0, 0.3 / 10), std::pair(0.1, 1.0)}) {
    Bed<double> bed = bed_of(Sophia{.lr = 1, .beta1 = 0, .gamma = 1, .weight_decay = 0});
    bed.start(0, Weights(count, 0));
    std::fill_n(bed.slot(0, 1), count, curvature);
    std::fill_n(bed.gradients(0), count, 0.3);
    bed.step(1);
    EXPECT_NEAR(-bed.weights(0)[0], step, rounding);
  }
}

// If all gradients are equal, so are the directions, and only the length differs.
TEST(Identities, AGraftOnEqualGradientsIsTheRuleThatGivesTheLength) {
  EXPECT_NEAR(distance_under(0.3, AdamGraftMomentum{.lr = 0.01}, 50),
              distance_under(0.3, Adam{.lr = 0.01}, 50), rounding);
}

// Each of 64 equal gradients is an eighth of the norm.
TEST(Identities, NovoGradBeginsWithAStepAsLongAsTheRate) {
  for (const double gradient : {0.3, 30.0})
    EXPECT_NEAR(distance_under(gradient, NovoGrad{.lr = 0.01, .eps = 0}), 0.01 / 8, rounding);
}

TEST(Identities, DogBeginsWithAStepAsLongAsItsGuessWhateverTheGradient) {
  for (const double gradient : {0.3, 30.0})
    EXPECT_NEAR(distance_under(gradient, Dog{.reps_rel = 1e-3, .eps = 0}), 1e-3 / 8, rounding);
}

TEST(Identities, LDogOfOneTensorIsDog) { EXPECT_EQ(walk(bed_of(LDog{}), 50), walk(bed_of(Dog{}), 50)); }

TEST(Identities, DAdaptSgdBeginsWithAStepOfItsGuessAndGoesFasterAndFaster) {
  const DAdaptSgd rule{.momentum = 0, .d0 = 1e-4};
  EXPECT_NEAR(distance_under(0.3, rule), 1e-4 / 8, rounding);
  EXPECT_GT(distance_under(0.3, rule, 40), 100 * 40 * 1e-4 / 8);
}

// While the estimate is d0, it equals Adam without bias correction, at a rate of d0.
TEST(Identities, DAdaptAdamWAndProdigyBeginAsAdamAtTheirGuess) {
  const double step = 1e-4 * (1 - 0.9) / std::sqrt(1 - 0.999);
  EXPECT_NEAR(distance_under(0.3, DAdaptAdamW{.eps = 0, .d0 = 1e-4}), step, rounding);
  EXPECT_NEAR(distance_under(0.3, Prodigy{.eps = 0, .d0 = 1e-4}), step, rounding);
}

TEST(Identities, ScheduleFreeRAdamIsSilentUntilItsSecondMomentCanBeTrusted) {
  EXPECT_EQ(distance_under(0.3, ScheduleFreeRAdam{}, 4), 0);
  EXPECT_GT(distance_under(0.3, ScheduleFreeRAdam{}, 6), 0);
}

TEST(Identities, MomentumAndNesterovWithoutMomentumAreSgd) {
  const Weights sgd = walk(bed_of(Sgd{.weight_decay = 0.1}), 200);
  EXPECT_EQ(walk(bed_of(Momentum{.momentum = 0, .weight_decay = 0.1}), 200), sgd);
  EXPECT_EQ(walk(bed_of(Nesterov{.momentum = 0, .weight_decay = 0.1}), 200), sgd);
}

TEST(Identities, TheHeavyBallIsMomentumWhileTheRateStays) {
  expect_near(walk(bed_of(HeavyBall{}), 200), walk(bed_of(Momentum{}), 200));
}

TEST(Identities, TheHeavyBallKeepsItsVelocityWhenTheRateFalls) {
  Bed<double> ball = bed_of(HeavyBall{}), momentum = bed_of(Momentum{});
  for (Bed<double>* bed : {&ball, &momentum}) {
    std::fill_n(bed->gradients(0), count, 1.0);
    bed->start(0, Weights(count, 0));
    bed->step(1);
    bed->chain().rule.set("lr", 0);
    bed->step(2);
  }
  EXPECT_NEAR(ball.weights(0)[0], -0.01 - 0.9 * 0.01, rounding);
  EXPECT_EQ(momentum.weights(0)[0], -0.01);
}

TEST(Identities, AsgdWithoutLambdaIsSgdAndIsEvaluatedAtTheMeanOfItsWeights) {
  Bed<double> bed = bed_of(Asgd{.lambd = 0, .t0 = 10});
  Weights mean(count, 0);
  for (Step t = 1; t <= 50; ++t) {
    bed.draw_gradients(t);
    bed.step(t);
    for (std::size_t i = 0; i < count && t > 11; ++i) mean[i] += bed.weights(0)[i] / 39;
  }
  const Weights last = weights(bed);
  EXPECT_EQ(last, walk(bed_of(Sgd{}), 50));
  bed.turn(Mode::eval);
  expect_near(weights(bed), mean);
  bed.turn(Mode::train);
  EXPECT_EQ(weights(bed), last);
}

TEST(Identities, RpropAndLionSeeTheSignsOfGradientsAlone) {
  const auto smaller = [](Step) { return 0x1p-40; };
  EXPECT_EQ(walk(bed_of(Rprop{}), 200),
            walk(bed_of(Rprop{}), 200, [](Step t) { return 1.0 / static_cast<double>(t); }));
  EXPECT_EQ(walk(bed_of(Lion{}), 200), walk(bed_of(Lion{}), 200, smaller));
}

TEST(Identities, RpropGrowsItsStepsWhileTheSignStays) {
  double expected = 0;
  for (int i = 0; i < 10; ++i) expected += 0.01 * std::pow(1.2, i);
  EXPECT_NEAR(distance_under(3.0, Rprop{}, 10), expected, rounding);
}

TEST(Identities, LionIsTheSignOfAnInterpolation) {
  Bed<double> bed = bed_of(Lion{.lr = 1, .beta1 = 0.25, .beta2 = 0.5});
  bed.start(0, Weights(count, 0));
  std::fill_n(bed.gradients(0), count, 2.0);
  bed.step(1);  // sign(0.75 * 2), and m = 1
  std::fill_n(bed.gradients(0), count, -0.25);
  bed.step(2);  // sign(0.25 * 1 - 0.75 * 0.25)
  EXPECT_EQ(bed.weights(0)[0], -2);
  bed.gradients(0)[0] = -5;
  bed.step(3);  // the gradient outweighs
  EXPECT_EQ(bed.weights(0)[0], -1);
}

// Without memory and eps, they all divide the gradient by its size.
TEST(Identities, AdaptiveRulesWithoutMemoryAreSignDescent) {
  const double g = -0.3, lr = 0.01;
  EXPECT_NEAR(distance_under(g, RmsProp{.lr = lr, .alpha = 0, .eps = 0}, 5), -5 * lr, rounding);
  EXPECT_NEAR(distance_under(g, Adagrad{.lr = lr, .eps = 0}), -lr, rounding);
  EXPECT_NEAR(distance_under(g, Adam{.lr = lr, .beta1 = 0, .beta2 = 0, .eps = 0}, 5), -5 * lr, rounding);
  EXPECT_NEAR(distance_under(g, Adamax{.lr = lr, .beta1 = 0, .beta2 = 0, .eps = 0}, 5), -5 * lr, rounding);
  EXPECT_NEAR(distance_under(g, Lion{.lr = lr, .beta1 = 0, .beta2 = 0}, 5), -5 * lr, rounding);
}

TEST(Identities, BiasCorrectedRulesTakeAFirstStepOfTheRate) {
  for (const double g : {1e-3, 1.0, 1e3}) {
    EXPECT_NEAR(distance_under(g, Adam{.lr = 0.01, .eps = 0}), 0.01, rounding);
    EXPECT_NEAR(distance_under(g, AdamW{.lr = 0.01, .eps = 0}), 0.01, rounding);
    EXPECT_NEAR(distance_under(g, Amsgrad{.lr = 0.01, .eps = 0}), 0.01, rounding);
    EXPECT_NEAR(distance_under(g, Adamax{.lr = 0.01, .eps = 0}), 0.01, rounding);
    EXPECT_NEAR(distance_under(g, ScheduleFreeAdamW{.lr = 0.01, .eps = 0}), 0.01, rounding);
  }
}

// Algorithm 1 of the paper by hand: the first step has no earlier one, so that only eps determines its size.
TEST(Identities, AdadeltaStartsWithStepsOfTheRootOfEps) {
  const double g = 0.5;
  EXPECT_NEAR(distance_under(g, Adadelta{}), std::sqrt(1e-6) / std::sqrt(0.1 * g * g + 1e-6) * g, rounding);
}

TEST(Identities, RmsPropWithoutMomentumIsRmsProp) {
  EXPECT_EQ(walk(bed_of(RmsPropMomentum{.momentum = 0}), 200), walk(bed_of(RmsProp{}), 200));
  EXPECT_EQ(walk(bed_of(RmsPropCenteredMomentum{.momentum = 0}), 200), walk(bed_of(RmsPropCentered{}), 200));
}

// A gradient of g, -g, g ... has, in the long run, a mean of (1-a)/(1+a) g. The variance is therefore smaller
// than the mean square by ((1-a)/(1+a))^2, 2.5e-5 for a = 0.99, and a step is larger by half as much.
TEST(Identities, RmsPropCenteredOnAGradientOfMeanZeroIsRmsProp) {
  Bed<double> plain = bed_of(RmsProp{}), centered = bed_of(RmsPropCentered{});
  double steps[2] = {};
  for (Step t = 1; t <= 3000; ++t)
    for (Bed<double>* bed : {&plain, &centered}) {
      std::fill_n(bed->gradients(0), count, t % 2 == 0 ? 0.5 : -0.5);
      const double before = bed->weights(0)[0];
      bed->step(t);
      steps[bed == &centered] = bed->weights(0)[0] - before;
    }
  EXPECT_NEAR(steps[1] / steps[0], 1 + 2.5e-5 / 2, 1e-6);
}

TEST(Identities, WithoutDecayItDoesNotMatterWhereDecayStands) {
  EXPECT_EQ(walk(bed_of(AdamW{.weight_decay = 0}), 200), walk(bed_of(Adam{}), 200));
  EXPECT_EQ(walk(bed_of(AmsgradW{.weight_decay = 0}), 200), walk(bed_of(Amsgrad{}), 200));
}

TEST(Identities, AmsgradOnGrowingGradientsIsAdam) {
  const auto growing = [](Step t) { return std::pow(2.0, static_cast<double>(t)); };
  EXPECT_NE(walk(bed_of(Amsgrad{}), 200), walk(bed_of(Adam{}), 200));
  Bed<double> adam = bed_of(Adam{}), amsgrad = bed_of(Amsgrad{});
  for (Step t = 1; t <= 200; ++t) {
    std::fill_n(adam.gradients(0), count, growing(t));
    std::fill_n(amsgrad.gradients(0), count, growing(t));
    adam.step(t), amsgrad.step(t);
  }
  EXPECT_EQ(weights(adam), weights(amsgrad));
}

TEST(Identities, NAdamWithoutMomentumIsAdam) {
  expect_near(walk(bed_of(NAdam{.lr = 0.01, .beta1 = 0}), 200),
              walk(bed_of(Adam{.lr = 0.01, .beta1 = 0}), 200));
}

// Without momentum decay, mu is always b1/2, and for a constant gradient m is the share 1 - b1^t of it.
TEST(Identities, NAdamWithoutMomentumDecayHasAConstantMomentum) {
  const double b1 = 0.9, mu = b1 / 2;
  double expected = 0;
  for (int t = 1; t <= 20; ++t)
    expected +=
        0.01 * ((1 - mu) / (1 - std::pow(mu, t)) + mu * (1 - std::pow(b1, t)) / (1 - std::pow(mu, t + 1)));
  EXPECT_NEAR(distance_under(0.3, NAdam{.lr = 0.01, .eps = 0, .momentum_decay = 0}, 20), expected, rounding);
}

// With b2 = 0.999, the second moment is not trusted before step 6; until then, there is only bias-corrected
// momentum.
TEST(Identities, RAdamBeginsAsSgdWithMomentum) {
  Bed<double> radam = bed_of(RAdam{.lr = 0.01}), momentum = bed_of(Momentum{});
  for (Step t = 1; t <= 6; ++t) {
    momentum.chain().rule.set("lr", 0.01 * 0.1 / (1 - std::pow(0.9, static_cast<double>(t))));
    for (Bed<double>* bed : {&radam, &momentum}) bed->draw_gradients(t), bed->step(t);
    if (t == 5) expect_near(weights(radam), weights(momentum));
  }
  EXPECT_GT(std::abs(radam.weights(0)[0] - momentum.weights(0)[0]), 1e-4);
}

TEST(Identities, RAdamEndsAsAdam) {
  const auto last_step = [](auto rule) {
    Bed<double> bed = bed_of(rule);
    bed.draw_gradients(1);
    double before = 0;
    for (Step t = 1; t <= 20'000; ++t) before = bed.weights(0)[0], bed.step(t);
    return bed.weights(0)[0] - before;
  };
  EXPECT_NEAR(last_step(RAdam{}) / last_step(Adam{}), 1, 1e-4);
}

// With a constant rate, the paper's x is the mean of the paper's z.
TEST(Identities, ScheduleFreeIsEvaluatedAtTheMeanOfItsFastWeights) {
  Bed<double> bed = bed_of(ScheduleFreeAdamW{.weight_decay = 0.1});
  Weights mean(count, 0);
  for (Step t = 1; t <= 100; ++t) {
    bed.draw_gradients(t);
    bed.step(t);
    for (std::size_t i = 0; i < count; ++i) mean[i] += bed.slot(0, 0)[i] / 100;
  }
  const Weights training = weights(bed);
  bed.turn(Mode::eval);
  expect_near(weights(bed), mean);
  bed.turn(Mode::train);
  expect_near(weights(bed), training);
}

// With beta1 near 0, gradients are taken at the fast weights themselves, which follow Adam without momentum.
TEST(Identities, ScheduleFreeWithoutInterpolationTrainsAsAdamWithoutMomentum) {
  const double beta1 = 1e-13;
  expect_near(walk(bed_of(ScheduleFreeAdamW{.lr = 0.01, .beta1 = beta1}), 200),
              walk(bed_of(Adam{.lr = 0.01, .beta1 = 0}), 200), rounding + beta1);
}

TEST(Identities, LambWithATrustRatioOfOneIsAdamW) {
  Bed<double> lamb(Chain::parse("lamb"), {count}), adamw = bed_of(AdamW{.eps = 1e-6});
  for (Bed<double>* bed : {&lamb, &adamw}) {
    bed->start(0, Weights(count, 0));  // weights of norm 0 have a ratio of 1
    bed->draw_gradients(1);
    bed->step(1);
  }
  EXPECT_EQ(weights(lamb), weights(adamw));
}

TEST(Identities, LambMovesATensorByItsLengthTimesTheRate) {
  Bed<double> bed(Chain::parse("lamb"), {count});
  const auto length = [](const Weights& w) {
    double square = 0;
    for (const double value : w) square += value * value;
    return std::sqrt(square);
  };
  for (Step t = 1; t <= 20; ++t) {
    Weights before = weights(bed);
    const double expected = 1e-3 * length(before);
    bed.draw_gradients(t);
    bed.step(t);
    for (std::size_t i = 0; i < count; ++i) before[i] -= bed.weights(0)[i];
    EXPECT_NEAR(length(before), expected, rounding);
  }
}

// For a vector, SM3's state covers each weight alone.
TEST(Identities, Sm3OfAVectorIsAdagradAndWithoutMomentumSm3) {
  EXPECT_EQ(walk(bed_of(Sm3{.lr = 0.01, .eps = 1e-10}), 200), walk(bed_of(Adagrad{.lr = 0.01}), 200));
  expect_near(walk(bed_of(Sm3Momentum{.lr = 0.01, .momentum = 0}), 200), walk(bed_of(Sm3{.lr = 0.01}), 200));
}

TEST(Identities, CameOfAVectorWithoutMomentumIsRmsProp) {
  expect_near(walk(bed_of(Came{.lr = 0.01, .beta1 = 0, .beta2 = 0.99, .d = 1e9}), 200),
              walk(bed_of(RmsProp{.lr = 0.01, .alpha = 0.99, .eps = 0}), 200));
}

// Returns where one tensor of 63 weights ends on gradients a_i b_j, treated as so many rows.
Weights walk_on_rank_one(const AnyRule& rule, std::size_t rows) {
  Weights x(63, 0.5), g(63), of_rows(63), of_columns(63);
  Leaf<double> leaf{{x.data(), g.data(), {of_rows.data(), of_columns.data()}, 63}, 0, rows};
  Driver<double> driver;
  for (leaf.step = 1; leaf.step <= 50; ++leaf.step) {
    for (std::size_t i = 0; i < 63; ++i)
      g[i] = std::sin(static_cast<double>(leaf.step)) * (1.0 + static_cast<double>(i / 9)) *
             (0.3 - static_cast<double>(i % 9));
    driver.step(rule, std::span(&leaf, 1), {});
  }
  return x;
}

// Squares of rank one are fully described by the means of rows and columns.
TEST(Identities, AdafactorOfGradientsOfRankOneForgetsNothing) {
  const AnyRule rule(Adafactor{.lr = 0.01});
  const Weights matrix = walk_on_rank_one(rule, 7), vector = walk_on_rank_one(rule, 0);
  EXPECT_NE(vector, Weights(63, 0.5));
  for (std::size_t i = 0; i < 63; ++i) EXPECT_NEAR(matrix[i], vector[i], rounding) << i;
}

}  // namespace
}  // namespace basin::kernels
