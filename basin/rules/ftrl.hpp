// FTRL-Proximal: follows the regularized leader with a rate for each weight; L1 makes weights exactly zero.
//
// Paper    McMahan et al., Ad Click Prediction: a View from the Trenches, KDD 2013, Algorithm 1
// Step t   z = z + lr g - (sqrt(n + g^2) - sqrt(n)) x      n = n + g^2
//          x = 0 where |z| <= lr l1, elsewhere -(z - sign(z) lr l1) / (sqrt(n) + beta + lr l2)
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  z is the paper's times lr, so that a schedule does not shrink the weights. n starts at
//          initial_accumulator_value. Where z is zero (before a weight's first step, and later only together
//          with the weight), it counts as -(sqrt(n) + beta) x: with z = 0, as in the paper, the first step
//          would discard the weights, and with them the initialization of a network
// Dialects keras: z starts at 0, so the first step discards the weights; l2 counts twice; l2_shrinkage adds 2
//            l2_shrinkage x to the gradient in z alone. Without Keras's learning_rate_power, which is 1/2
//            here, and with z times lr, as here: the same as Keras's while the rate is constant
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Ftrl {
  static constexpr std::string_view name = "ftrl", title = "FTRL-Proximal";
  Rate lr = 1e-2;
  Amount initial_accumulator_value = 0.1, beta = 0;
  Decay l1 = 0, l2 = 0;
  BASIN_KNOBS(lr, initial_accumulator_value, beta, l1, l2)
  static constexpr std::array slots{"linear", "accumulator"};
  double initial(std::size_t slot) const { return slot == 1 ? initial_accumulator_value.value : 0; }
  static constexpr bool moves = true;
  static constexpr bool sparse = true;

  template <class R>
  struct Formula {
    R lr, start, shrink, beta, l1, l2;
    void operator()(auto& x, const auto& g, auto& z, auto& n) const {
      const auto before = sqrt(n);
      n += g * g;
      const auto now = sqrt(n);
      z = select(abs(z) > 0, z, -start * (before + beta) * x) + (lr * g - ((now - before) - shrink) * x);
      const auto beyond = sign(z) * max(abs(z) - l1, R{0});
      x = select(abs(beyond) > 0, -beyond / (now + (beta + l2)), 0 * z);
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(lr, 1, 0, beta, lr * l1, lr * l2);
  }
};

struct FtrlKeras {
  static constexpr std::string_view name = "ftrl_keras", title = "FTRL-Proximal of Keras";
  static constexpr std::string_view dialect_of = "ftrl";
  static constexpr std::array dialects{"keras"};
  using Loops = Ftrl;
  Rate lr = 1e-3;
  Amount initial_accumulator_value = 0.1, beta = 0;
  Decay l1 = 0, l2 = 0, l2_shrinkage = 0;
  BASIN_KNOBS(lr, initial_accumulator_value, beta, l1, l2, l2_shrinkage)
  static constexpr auto slots = Ftrl::slots;
  double initial(std::size_t slot) const { return slot == 1 ? initial_accumulator_value.value : 0; }
  static constexpr bool moves = true;
  static constexpr bool sparse = true;

  template <class R>
  Ftrl::Formula<R> at(Step) const {
    return narrow<R, Ftrl::Formula>(lr, 0, 2 * lr * l2_shrinkage, beta, lr * l1, 2 * lr * l2);
  }
};
static_assert(Rule<Ftrl> && Rule<FtrlKeras>);

}  // namespace basin::rules
