// NAdam: Adam with Nesterov's momentum, on a schedule of its own.
//
// Paper    Dozat, Incorporating Nesterov Momentum into Adam, ICLR workshop 2016, Algorithm 2
// Step t   d = g + decay x      mu_t = b1 (1 - 0.96^(t psi) / 2)      p = p mu_t
//          m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2
//          u = ((1-mu_t) d / (1-p) + mu_(t+1) m / (1 - p mu_(t+1))) / (sqrt(v/(1-b2^t)) + eps)
// Memory   2 values per weight and a number per parameter; 28 bytes moved per weight and step in float32
// Departs  psi, the momentum decay, and the rate are PyTorch's
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct NAdam {
  static constexpr std::string_view name = "nadam", title = "NAdam";
  Rate lr = 2e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0, momentum_decay = 4e-3;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, momentum_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};
  static constexpr std::array<std::string_view, 1> numbers{"mu_product"};
  static constexpr double number_at_first = 1;

  template <class R>
  struct Formula {
    R c1, c2, unbias2, of_gradient, of_momentum, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      const auto d = g + decay * x;
      m += c1 * (d - m);
      v += c2 * (d * d - v);
      return (of_gradient * d + of_momentum * m) / (sqrt(v * unbias2) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> remembered) const {
    const double now = mu(t), next = mu(t + 1);
    double& product = remembered[0];
    product *= now;
    return narrow<R, Formula>(1 - beta1, 1 - beta2, 1 / gathered(beta2, t), (1 - now) / (1 - product),
                              next / (1 - product * next), eps, weight_decay);
  }

 private:
  double mu(Step t) const { return beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t) * momentum_decay)); }
};
static_assert(Rule<NAdam>);

}  // namespace basin::rules
