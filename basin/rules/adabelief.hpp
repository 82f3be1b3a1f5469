// AdaBelief: Adam whose second moment is that of the difference between the gradient and its mean.
//
// Paper    Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients,
//          NeurIPS 2020, Algorithm 2
// Step t   m = b1 m + (1-b1) g      s = b2 s + (1-b2) (g-m)^2 + eps
//          u = m/(1-b1^t) / (sqrt(s/(1-b2^t)) + eps) + decay x
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  decay is decoupled and eps is 1e-16, as in the authors' code, which by default also rectifies the
//          step as RAdam does
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct AdaBelief {
  static constexpr std::string_view name = "adabelief", title = "AdaBelief";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-16;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_var"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& s) const {
      m = b1 * m + c1 * g;
      const auto surprise = g - m;
      s = b2 * s + c2 * surprise * surprise + eps;
      return m * unbias1 / (sqrt(s) * unbias2 + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              unbiased_root(beta2, t), eps, weight_decay);
  }
};
static_assert(Rule<AdaBelief>);

}  // namespace basin::rules
