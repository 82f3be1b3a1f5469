// ASGD: SGD with a rate that falls, and the average of the weights beside it.
//
// Paper    Polyak & Juditsky, Acceleration of Stochastic Approximation by Averaging, SIAM J. Control and Optimization 30,
//          1992; in this form Bottou, Large-Scale Machine Learning with Stochastic Gradient Descent, 2010
// Step t   d = g + decay x      x = (1 - lambd eta) x - eta d      a = a + mu (x - a)
//          eta = lr / (1 + lambd lr (t-1))^alpha      mu = 1 / max(1, t-1-t0)
// Memory   1 value per weight, the average; 20 bytes moved per weight and step in float32
// Departs  defaults are PyTorch's; the average is for the caller to use
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct Asgd {
  static constexpr std::string_view name = "asgd", title = "ASGD";
  Rate lr = 1e-2;
  Decay lambd = 1e-4;
  Amount alpha = 0.75, t0 = 1e6;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, lambd, alpha, t0, weight_decay)
  static constexpr std::array slots{"ax"};
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R shrink, eta, mu, decay;
    void operator()(auto& x, const auto& g, auto& average) const {
      const auto d = g + decay * x;
      x = shrink * x - eta * d;
      average += mu * (x - average);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    const double before = static_cast<double>(t - 1);
    const double eta = lr / std::pow(1 + lambd * lr * before, alpha.value);
    return narrow<R, Formula>(1 - lambd * eta, eta, 1 / std::max(1.0, before - t0), weight_decay);
  }
};
static_assert(Rule<Asgd>);

}  // namespace basin::rules
