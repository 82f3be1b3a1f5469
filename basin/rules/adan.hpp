// Adan: Nesterov's look-ahead with a separate moment for the change of the gradient, over Adam's division.
//
// Paper    Xie, Zhou, Li, Lin & Yan, Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep
//          Models, TPAMI 2024, Algorithm 1
// Step t   d = g - g of the step before, 0 at t = 1
//          m = b1 m + (1-b1) g      w = b2 w + (1-b2) d      v = b3 v + (1-b3) (g + b2 d)^2
//          u = (m/(1-b1^t) + b2 w/(1-b2^t)) / (sqrt(v/(1-b3^t)) + eps)
//          x = (x - lr u) / (1 + lr decay)
// Memory   4 values per weight; 44 bytes moved per weight and step in float32
// Departs  betas are factors of the mean and biases are corrected, as in the authors' code; the paper's betas
//          are 1 minus these
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Adan {
  static constexpr std::string_view name = "adan", title = "Adan";
  Rate lr = 1e-3;
  Beta beta1 = 0.98, beta2 = 0.92, beta3 = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, beta3, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_diff", "exp_avg_sq", "previous_grad"};

  template <class R>
  struct Formula {
    R known, b1, b2, b3, c1, c2, c3, unbias1, unbias2, unbias3, eps, decay, shrink;
    auto operator()(const auto& x, const auto& g, auto& m, auto& w, auto& v, auto& last) const {
      const auto d = known * (g - last);
      const auto ahead = g + b2 * d;
      m = b1 * m + c1 * g;
      w = b2 * w + c2 * d;
      v = b3 * v + c3 * ahead * ahead;
      last = g;
      const auto u = (m * unbias1 + w * unbias2) / (sqrt(v) * unbias3 + eps);
      return (u + decay * x) * shrink;  // x - lr times this is (x - lr u) / (1 + lr decay)
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(t > 1 ? 1 : 0, beta1, beta2, beta3, 1 - beta1, 1 - beta2, 1 - beta3,
                              1 / gathered(beta1, t), beta2 / gathered(beta2, t), unbiased_root(beta3, t),
                              eps, weight_decay, 1 / (1 + lr * weight_decay));
  }
};
static_assert(Rule<Adan>);

}  // namespace basin::rules
