// AMSGrad: Adam, or AdamW, whose second moment never shrinks, so that no weight's rate grows again.
//
// Paper    Reddi, Kale & Kumar, On the Convergence of Adam and Beyond, ICLR 2018, Algorithm 2
// Step t   amsgrad      d = g + decay x      amsgradw     d = g
//          m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2      h = max(h, v)
//          u = m/(1-b1^t) / (sqrt(h/(1-b2^t)) + eps)           amsgradw     u = u + decay x
// Memory   3 values per weight; 36 bytes moved per weight and step in float32
// Departs  the moments are freed of their bias, the greatest before it is, as in PyTorch; the paper does not free them
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Amsgrad {
  static constexpr std::string_view name = "amsgrad", title = "AMSGrad";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};

  template <class R>
  struct Formula {
    R c1, c2, unbias1, unbias2, eps, coupled, decoupled;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v, auto& h) const {
      const auto d = g + coupled * x;
      m += c1 * (d - m);
      v += c2 * (d * d - v);
      h = max(h, v);
      return m * unbias1 / (sqrt(h * unbias2) + eps) + decoupled * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(1 - beta1, 1 - beta2, 1 / gathered(beta1, t), 1 / gathered(beta2, t), eps,
                              weight_decay, 0);
  }
};

struct AmsgradW {
  static constexpr std::string_view name = "amsgradw", title = "AMSGrad of AdamW";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 1e-2;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = Amsgrad::slots;

  template <class R>
  Amsgrad::Formula<R> at(Step t) const {
    auto formula = Amsgrad{lr, beta1, beta2, eps, 0}.at<R>(t);
    formula.decoupled = static_cast<R>(weight_decay);
    return formula;
  }
};
static_assert(Rule<Amsgrad> && Rule<AmsgradW>);

}  // namespace basin::rules
