// Initializers: the moments and bounds that their papers and frameworks promise, and reproducible draws.
#include "basin/nn/initializers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "basin/core/error.hpp"

namespace basin::nn {
namespace {

constexpr std::int64_t fan_in = 50, fan_out = 150;
constexpr std::size_t draws = 200'000;

struct Promise {
  std::string name;
  double variance, bound;  // bound: infinity for a normal
  bool zero_bias;
};

const double infinite = std::numeric_limits<double>::infinity();

std::vector<Promise> promises() {
  const double in = fan_in, mean_fan = (fan_in + fan_out) / 2.0, cut = 2 / 0.87962566103423978;
  return {{"default", 1 / (3 * in), 1 / std::sqrt(in), false},
          {"glorot_uniform", 1 / mean_fan, std::sqrt(3 / mean_fan), true},
          {"glorot_normal", 1 / mean_fan, cut * std::sqrt(1 / mean_fan), true},
          {"he_uniform", 2 / in, std::sqrt(6 / in), true},
          {"he_normal", 2 / in, cut * std::sqrt(2 / in), true},
          {"xavier_uniform", 1 / mean_fan, std::sqrt(3 / mean_fan), false},
          {"xavier_normal", 1 / mean_fan, infinite, false},
          {"kaiming_uniform", 2 / in, std::sqrt(6 / in), false},
          {"kaiming_normal", 2 / in, infinite, false}};
}

std::vector<float> weight_of(const std::string& name, std::uint64_t seed = 1) {
  Stream random(seed, 0, "init");
  std::vector<float> weight(draws);
  initialize_weight(name, weight, fan_in, fan_out, random);
  return weight;
}

TEST(Initializers, EveryNameHasAPromise) { EXPECT_EQ(initializers().size(), promises().size()); }

TEST(Initializers, MomentsAndBounds) {
  for (const Promise& p : promises()) {
    const auto weight = weight_of(p.name);
    double sum = 0, squares = 0, largest = 0;
    for (const double w : weight) sum += w, squares += w * w, largest = std::max(largest, std::abs(w));
    const double sd = std::sqrt(p.variance), root = std::sqrt(static_cast<double>(draws));
    EXPECT_NEAR(sum / draws, 0, 5 * sd / root) << p.name;  // five standard errors of a mean
    EXPECT_NEAR(squares / draws / p.variance, 1, 5 * std::sqrt(2.0) / root)
        << p.name;  // and of a variance, at most a normal's
    EXPECT_LE(largest, p.bound * (1 + 1e-6)) << p.name;
    if (std::isfinite(p.bound))
      EXPECT_GT(largest, 0.99 * p.bound) << p.name;
    else
      EXPECT_GT(largest, 3 * sd) << p.name;
  }
}

TEST(Initializers, Biases) {
  for (const Promise& p : promises()) {
    Stream random(1, 0, "init");
    std::vector<float> bias(1000, 7.0f);
    initialize_bias(p.name, bias, fan_in, random);
    const auto [low, high] = std::ranges::minmax(bias);
    const double bound = p.zero_bias ? 0 : 1 / std::sqrt(static_cast<double>(fan_in));
    EXPECT_NEAR(low, -bound, 0.02 * bound) << p.name;
    EXPECT_NEAR(high, bound, 0.02 * bound) << p.name;
  }
}

TEST(Initializers, SameSeedSameWeights) {
  EXPECT_EQ(weight_of("he_normal", 3), weight_of("he_normal", 3));
  EXPECT_NE(weight_of("he_normal", 3), weight_of("he_normal", 4));
}

TEST(Initializers, UnknownNameGetsTheNearest) {
  try {
    check_initializer("he_norml");
    FAIL() << "accepted";
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "unknown initializer 'he_norml'; did you mean 'he_normal'?");
  }
}

}  // namespace
}  // namespace basin::nn
