// LaProp: momentum over normalised gradients, where Adam normalises the momentum.
//
// Paper    Ziyin, Wang & Ueda, LaProp: Separating Momentum and Adaptivity in Adam, 2020, Algorithm 1
// Step t   v = b2 v + (1-b2) g^2      m = b1 m + (1-b1) g / (sqrt(v/(1-b2^t)) + eps)
//          u = m/(1-b1^t) + decay x
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  decay is decoupled, as in the authors' code; their rate stands inside the momentum, here outside
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct LaProp {
  static constexpr std::string_view name = "laprop", title = "LaProp";
  Rate lr = 4e-4;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-15;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      v = b2 * v + c2 * g * g;
      m = b1 * m + c1 * (g / (sqrt(v) * unbias2 + eps));
      return m * unbias1 + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              unbiased_root(beta2, t), eps, weight_decay);
  }
};
static_assert(Rule<LaProp>);

}  // namespace basin::rules
