// AdamW: Adam whose weight decay acts on the weights, not on the gradient.
//
// Paper    Loshchilov & Hutter, Decoupled Weight Decay Regularization, ICLR 2019, Algorithm 2
// Step t   m = b1 m + (1-b1) g       v = b2 v + (1-b2) g^2
//          u = m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps) + decay x
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  decay is scaled by lr, as in PyTorch; the paper scales it by the schedule alone
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct AdamW {
  static constexpr std::string_view name = "adamw", title = "AdamW";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 1e-2;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      m += c1 * (g - m);
      v += c2 * (g * g - v);
      return m * unbias1 / (sqrt(v * unbias2) + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(1 - beta1, 1 - beta2, 1 / gathered(beta1, t), 1 / gathered(beta2, t), eps,
                              weight_decay);
  }
};
static_assert(Rule<AdamW>);

}  // namespace basin::rules
