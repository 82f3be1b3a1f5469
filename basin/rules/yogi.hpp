// Yogi: Adam whose second moment changes by at most the squared gradient per step, so that it decreases
// slowly.
//
// Paper    Zaheer, Reddi, Sachan, Kale & Kumar, Adaptive Methods for Nonconvex Optimization, NeurIPS 2018,
//          Algorithm 2
// Step t   m = b1 m + (1-b1) g      v = v - (1-b2) sign(v - g^2) g^2      u = m / (sqrt(v) + eps) + decay x
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  decay is decoupled; the paper has none
// Dialects optax: both moments are bias-corrected, as in Adam, and m also starts at
//            initial_accumulator_value; no decay
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Yogi {
  static constexpr std::string_view name = "yogi", title = "Yogi";
  Rate lr = 1e-2;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-3;
  Amount initial_accumulator_value = 1e-6;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, initial_accumulator_value, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};
  double initial(std::size_t slot) const { return slot == 1 ? initial_accumulator_value.value : 0; }

  template <class R>
  struct Formula {
    R b1, c1, c2, scale, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      m = b1 * m + c1 * g;
      const auto square = g * g;
      v -= c2 * sign(v - square) * square;
      return m * scale / (sqrt(v) + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(beta1, 1 - beta1, 1 - beta2, 1, eps, weight_decay);
  }
};

struct YogiOptax {
  static constexpr std::string_view name = "yogi_optax", title = "Yogi of Optax";
  static constexpr std::string_view dialect_of = "yogi";
  static constexpr std::array dialects{"optax"};
  using Loops = Yogi;
  Rate lr = 1e-2;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-3;
  Amount initial_accumulator_value = 1e-6;
  BASIN_KNOBS(lr, beta1, beta2, eps, initial_accumulator_value)
  static constexpr auto slots = Yogi::slots;
  double initial(std::size_t) const { return initial_accumulator_value; }

  // m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps), with root and eps multiplied by sqrt(1-b2^t).
  template <class R>
  Yogi::Formula<R> at(Step t) const {
    const double root = std::sqrt(gathered(beta2, t));
    return narrow<R, Yogi::Formula>(beta1, 1 - beta1, 1 - beta2, root / gathered(beta1, t), root * eps, 0);
  }
};
static_assert(Rule<Yogi> && Rule<YogiOptax>);

}  // namespace basin::rules
