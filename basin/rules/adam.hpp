// Adam: momentum, divided by the root of the running mean of the squared gradient, both freed of their bias to zero.
//
// Paper    Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, Algorithm 1
// Step t   d = g + decay x
//          m = b1 m + (1-b1) d       v = b2 v + (1-b2) d^2
//          u = m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps)
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  weight_decay is PyTorch's addition: L2 in the gradient; AdamW has the decoupled one
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Adam {
  static constexpr std::string_view name = "adam", title = "Adam";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      const auto d = g + decay * x;
      m += c1 * (d - m);
      v += c2 * (d * d - v);
      return m * unbias1 / (sqrt(v * unbias2) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(1 - beta1, 1 - beta2, 1 / gathered(beta1, t), 1 / gathered(beta2, t), eps,
                              weight_decay);
  }
};
static_assert(Rule<Adam>);

}  // namespace basin::rules
