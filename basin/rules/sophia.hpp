// Sophia-G: momentum over an estimate of the Hessian's diagonal, clipped weight by weight.
//
// Paper    Liu, Li, Hall, Liang & Ma, Sophia: A Scalable Stochastic Second-order Optimizer for Language Model
//          Pre-training, ICLR 2024, Algorithm 3 with the Gauss-Newton-Bartlett estimate of Algorithm 2
// Step t   m = b1 m + (1-b1) g
//          u = clip(m / max(gamma h, eps), -1, 1) + decay x
//          every few steps, from outside: h = b2 h + (1-b2) B e^2, where e is the gradient of the mean loss
//          of B examples whose labels are drawn from the network's predictions (train/curvature.hpp)
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  defaults are those of the authors' code, except eps, which is the paper's; the code has gamma h +
//          1e-15. Without an estimate, this is signum with decay
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Sophia {
  static constexpr std::string_view name = "sophia", title = "Sophia-G";
  Rate lr = 1e-4;
  Beta beta1 = 0.965, beta2 = 0.99;
  Positive gamma = 0.04;
  Epsilon eps = 1e-12;
  Decay weight_decay = 0.1;
  BASIN_KNOBS(lr, beta1, beta2, gamma, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "hessian"};
  static constexpr std::size_t curvature = 1;

  template <class R>
  struct Formula {
    R b1, c1, gamma, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& h) const {
      m = b1 * m + c1 * g;
      return min(max(m / max(gamma * h, eps), R{-1}), R{1}) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(beta1, 1 - beta1, gamma, eps, weight_decay);
  }
};
static_assert(Rule<Sophia>);

}  // namespace basin::rules
