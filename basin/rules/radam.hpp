// RAdam: Adam that waits until the variance of its adaptive rate is tractable, and rectifies it from then on.
//
// Paper    Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR 2020, Algorithm 2
// Step t   d = g + decay x      m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2
//          rho = 2/(1-b2) - 1      rho_t = rho - 2 t b2^t / (1-b2^t)
//          u = m/(1-b1^t) r_t / (sqrt(v/(1-b2^t)) + eps)  where rho_t > 5,  m/(1-b1^t) before
//          r_t = sqrt((rho_t-4)(rho_t-2) rho / ((rho-4)(rho-2) rho_t))
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  as in PyTorch: the threshold is 5 (the paper: 4), and eps is divided by sqrt(1-b2^t)
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct RAdam {
  static constexpr std::string_view name = "radam", title = "RAdam";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R c1, c2, unbias1, rectified, plain, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      const auto d = g + decay * x;
      m += c1 * (d - m);
      v += c2 * (d * d - v);
      return m * unbias1 * (plain + rectified / (sqrt(v) + eps));
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    const double seen = gathered(beta2, t), all = 2 / (1 - beta2) - 1;
    const double rho = all - 2 * static_cast<double>(t) * (1 - seen) / seen;
    const bool tractable = rho > 5;
    const double r = tractable ? std::sqrt((rho - 4) * (rho - 2) * all / ((all - 4) * (all - 2) * rho)) : 0;
    return narrow<R, Formula>(1 - beta1, 1 - beta2, 1 / gathered(beta1, t), r * std::sqrt(seen), tractable ? 0 : 1, eps,
                              weight_decay);
  }
};
static_assert(Rule<RAdam>);

}  // namespace basin::rules
