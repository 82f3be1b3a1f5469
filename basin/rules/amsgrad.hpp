// AMSGrad: Adam whose second moment never shrinks.
//
// Paper    Reddi, Kale & Kumar, On the Convergence of Adam and Beyond, ICLR 2018, Algorithm 2
// Step t   d = g + decay x
//          m = b1 m + (1-b1) d       v = b2 v + (1-b2) d^2       n = max(n, v)
//          u = m/(1-b1^t) / (sqrt(n/(1-b2^t)) + eps)
// Memory   3 values per weight; 36 bytes moved per weight and step in float32
// Departs  free of bias as in PyTorch (the flag amsgrad of Adam); the paper has no correction
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct AMSGrad {
  static constexpr std::string_view name = "amsgrad", title = "AMSGrad";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};

  template <class R>
  struct Formula {
    R c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v, auto& n) const {
      const auto d = g + decay * x;
      m += c1 * (d - m);
      v += c2 * (d * d - v);
      n = max(n, v);
      return m * unbias1 / (sqrt(n * unbias2) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(1 - beta1, 1 - beta2, 1 / gathered(beta1, t), 1 / gathered(beta2, t), eps, weight_decay);
  }
};
static_assert(Rule<AMSGrad>);

}  // namespace basin::rules
