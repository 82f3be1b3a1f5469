// Initializers: the moments and bounds that their papers and frameworks promise, and reproducible draws.
#include "basin/network/initializers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "basin/core/error.hpp"

namespace basin::nn {
namespace {

constexpr WeightShape shape{150, 50};
constexpr std::size_t draws = 200'000;

struct Promise {
  std::string text;
  double mean, variance, low, high;  // bounds: infinite for a normal
  bool zero_bias = true;
};

constexpr double infinite = std::numeric_limits<double>::infinity();

Promise within(std::string text, double variance, double bound, bool zero_bias = true) {
  return {std::move(text), 0, variance, -bound, bound, zero_bias};
}

// The variance of a normal that is truncated at two deviations: 1 - 4 phi(2) / (2 Phi(2) - 1).
const double left_of_variance =
    1 - 4 * std::exp(-2) / std::sqrt(2 * std::numbers::pi) / std::erf(std::numbers::sqrt2);

std::vector<Promise> promises() {
  const double in = 50, out = 150, mean_fan = 100, cut = 2 / std::sqrt(left_of_variance);
  return {within("default", 1 / (3 * in), 1 / std::sqrt(in), false),
          within("glorot_uniform", 1 / mean_fan, std::sqrt(3 / mean_fan)),
          within("glorot_normal", 1 / mean_fan, cut * std::sqrt(1 / mean_fan)),
          within("he_uniform", 2 / in, std::sqrt(6 / in)),
          within("he_normal", 2 / in, cut * std::sqrt(2 / in)),
          within("lecun_uniform", 1 / in, std::sqrt(3 / in)),
          within("lecun_normal", 1 / in, cut * std::sqrt(1 / in)),
          within("xavier_uniform", 1 / mean_fan, std::sqrt(3 / mean_fan), false),
          within("xavier_normal", 1 / mean_fan, infinite, false),
          within("kaiming_uniform", 2 / in, std::sqrt(6 / in), false),
          within("kaiming_normal", 2 / in, infinite, false),
          within("kaiming_normal fan=out", 2 / out, infinite, false),
          within("kaiming_normal gain=tanh", 25.0 / 9 / in, infinite, false),
          within("xavier_uniform gain=2 fan=in", 4 / in, 2 * std::sqrt(3 / in), false),
          within("lecun_normal gain=selu", 0.5625 / in, 0.75 * cut / std::sqrt(in)),
          within("normal sd=0.2", 0.04, infinite),
          within("truncated_normal sd=0.1", 0.01 * left_of_variance, 0.2),
          {"uniform low=1 high=3", 2, 4.0 / 12, 1, 3},
          {"normal sd=2 mean=-1", -1, 4, -infinite, infinite}};
}

std::vector<float> weight_of(const std::string& text, std::uint64_t seed = 1, WeightShape of = shape,
                             std::size_t count = draws) {
  Stream random(seed, 0, "init");
  std::vector<float> weight(count, 7.0f);
  Initialization::parse(text).all.fill_weight(weight, of, random);
  return weight;
}

std::vector<float> whole(const std::string& text, WeightShape of) {
  return weight_of(text, 1, of, static_cast<std::size_t>(of.outputs * of.fan_in()));
}

TEST(Initializers, EveryNameIsTested) {
  const std::vector<std::string> elsewhere{"zeros",  "ones",     "constant", "orthogonal",
                                           "sparse", "identity", "dirac",    "lsuv"};
  for (const InitializerInfo& info : initializer_infos())
    EXPECT_TRUE(
        std::ranges::find(elsewhere, info.name) != elsewhere.end() ||
        std::ranges::any_of(
            promises(), [&](const Promise& p) { return p.text.substr(0, p.text.find(' ')) == info.name; }))
        << info.name;
}

TEST(Initializers, MomentsAndBounds) {
  for (const Promise& p : promises()) {
    const auto weight = weight_of(p.text);
    double sum = 0, squares = 0, low = infinite, high = -infinite;
    for (const double w : weight) {
      sum += w - p.mean, squares += (w - p.mean) * (w - p.mean);
      low = std::min(low, w), high = std::max(high, w);
    }
    const double sd = std::sqrt(p.variance), root = std::sqrt(static_cast<double>(draws));
    EXPECT_NEAR(sum / draws, 0, 5 * sd / root) << p.text;  // five standard errors of a mean
    EXPECT_NEAR(squares / draws / p.variance, 1, 5 * std::sqrt(2.0) / root)
        << p.text;  // and of a variance, at most that of a normal
    if (std::isfinite(p.high)) {
      const double slack = 1e-6 * (p.high - p.low), near = 0.01 * (p.high - p.low);
      EXPECT_LE(high, p.high + slack) << p.text;
      EXPECT_GE(low, p.low - slack) << p.text;
      EXPECT_GT(high, p.high - near) << p.text;
      EXPECT_LT(low, p.low + near) << p.text;
    } else {
      EXPECT_GT(high, p.mean + 3 * sd) << p.text;
    }
  }
}

TEST(Initializers, Biases) {
  for (const Promise& p : promises()) {
    Stream random(1, 0, "init");
    std::vector<float> bias(1000, 7.0f);
    Initialization::parse(p.text).all.fill_bias(bias, shape.fan_in(), random);
    const auto [low, high] = std::ranges::minmax(bias);
    const double bound = p.zero_bias ? 0 : 1 / std::sqrt(static_cast<double>(shape.fan_in()));
    EXPECT_NEAR(low, -bound, 0.02 * bound) << p.text;
    EXPECT_NEAR(high, bound, 0.02 * bound) << p.text;
  }
  Stream random(1, 0, "init");
  std::vector<float> bias(3);
  Initialization::parse("default bias=0.25").all.fill_bias(bias, 50, random);
  EXPECT_EQ(bias, std::vector<float>(3, 0.25f));
}

TEST(Initializers, ConstantsAreConstant) {
  EXPECT_EQ(whole("zeros", {3, 4}), std::vector<float>(12, 0.0f));
  EXPECT_EQ(whole("ones", {3, 4}), std::vector<float>(12, 1.0f));
  EXPECT_EQ(whole("constant value=-2", {3, 4}), std::vector<float>(12, -2.0f));
}

// Rows, or columns if there are more rows. Double precision, narrowed: 2^-24 for each of up to 45 products.
TEST(Initializers, OrthogonalVectorsAreOfOneLengthAtRightAngles) {
  for (const WeightShape& of : {WeightShape{20, 45}, WeightShape{45, 20}, WeightShape{9, 5, 9}}) {
    const auto w = whole("orthogonal gain=1.5", of);
    const auto rows = static_cast<std::size_t>(of.outputs), columns = static_cast<std::size_t>(of.fan_in());
    const bool wide = rows <= columns;
    const auto at = [&](std::size_t vector, std::size_t k) {
      return static_cast<double>(wide ? w[vector * columns + k] : w[k * columns + vector]);
    };
    for (std::size_t a = 0; a < std::min(rows, columns); ++a)
      for (std::size_t b = 0; b <= a; ++b) {
        double dot = 0;
        for (std::size_t k = 0; k < std::max(rows, columns); ++k) dot += at(a, k) * at(b, k);
        EXPECT_NEAR(dot, a == b ? 2.25 : 0, 2.25 * 45 * 0x1p-24) << a << ", " << b;
      }
  }
}

TEST(Initializers, SparseColumnsHaveTheirShareOfZeros) {
  const auto w = whole("sparse sparsity=0.25 sd=3", {10, 400});
  double squares = 0;
  for (std::size_t c = 0; c < 400; ++c) {
    int zeros = 0;
    for (std::size_t r = 0; r < 10; ++r)
      zeros += w[r * 400 + c] == 0, squares += w[r * 400 + c] * w[r * 400 + c];
    EXPECT_EQ(zeros, 3) << "a quarter of ten, rounded up";
  }
  EXPECT_NEAR(squares / (7 * 400) / 9, 1, 5 * std::sqrt(2.0 / (7 * 400)));
}

TEST(Initializers, IdentityPassesItsInputsOn) {
  EXPECT_EQ(whole("identity gain=2", {2, 3}), (std::vector<float>{2, 0, 0, 0, 2, 0}));
  const auto kernel = whole("dirac", {3, 2, 9});
  for (std::size_t i = 0; i < kernel.size(); ++i)
    EXPECT_EQ(kernel[i], i == 4 || i == 2 * 9 + 9 + 4 ? 1.0f : 0.0f)
        << i;  // (0, 0) and (1, 1), their centres
}

TEST(Initializers, SameSeedSameWeights) {
  EXPECT_EQ(weight_of("he_normal", 3), weight_of("he_normal", 3));
  EXPECT_NE(weight_of("he_normal", 3), weight_of("he_normal", 4));
}

TEST(Initializers, LayersMayHaveOthers) {
  const auto i = Initialization::parse("he_normal head=zeros conv=orthogonal");
  EXPECT_EQ(i.of(false, false).name(), "he_normal");
  EXPECT_EQ(i.of(true, false).name(), "orthogonal");
  EXPECT_EQ(i.of(false, true).name(), "zeros");
  EXPECT_EQ(Initialization::parse("ones linear=lsuv").of(false, true).name(), "lsuv");
}

std::string refusal(std::string_view text) {
  try {
    Initialization::parse(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(Initializers, SayWhatIsWrong) {
  EXPECT_EQ(refusal("he_norml"), "unknown initializer 'he_norml'; did you mean 'he_normal'?");
  EXPECT_EQ(refusal("he_normal head=zeroes"), "unknown initializer 'zeroes'; did you mean 'zeros'?");
  EXPECT_EQ(refusal("he_normal gain=0"),
            "he_normal: gain = 0 is outside its range; it must be more than 0, and finite");
  EXPECT_EQ(refusal("he_normal gain=rleu"), "he_normal: gain: 'rleu' is not a number");
  EXPECT_EQ(refusal("he_normal fan=on"), "he_normal: fan: 'on' is not in, out or average");
  EXPECT_EQ(refusal("he_normal gian=2"), "he_normal: unknown knob 'gian'; did you mean 'gain'?");
  EXPECT_EQ(refusal("normal 0.1"), "normal: '0.1' is not SETTING=VALUE; write it like gain=2 or head=zeros");
  EXPECT_EQ(refusal("zeros fan=in"), "zeros: unknown knob 'fan'; there is none");
}

}  // namespace
}  // namespace basin::nn
