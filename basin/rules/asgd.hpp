// ASGD: SGD with a decreasing rate, and the mean of the weights that it visits.
//
// Paper    Polyak & Juditsky, Acceleration of Stochastic Approximation by Averaging, SIAM J. Control Optim.
//          30, 1992; the rate as in Bottou, Stochastic Gradient Descent Tricks, 2012, section 5
// Step t   eta = lr / (1 + lambd lr (t-1))^alpha
//          x = x - eta (g + (lambd + decay) x)
//          a = a + (x - a) / max(1, t - 1 - t0)
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Eval     x and a are swapped: the weights are then the mean of those after step t0 + 1
// Departs  weight_decay, and t0 = 1e6, are PyTorch's; PyTorch leaves the swap to its caller
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct Asgd {
  static constexpr std::string_view name = "asgd", title = "ASGD";
  Rate lr = 1e-2;
  Decay lambd = 1e-4;
  Fraction alpha = 0.75;
  Steps t0 = 1e6;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, lambd, alpha, t0, weight_decay)
  static constexpr std::array slots{"ax"};
  static constexpr bool starts_as_weight(std::size_t) { return true; }
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R eta, decay, share;
    void operator()(auto& x, const auto& g, auto& a) const {
      x -= eta * (g + decay * x);
      a = select(share == 1, x, a + share * (x - a));  // the first of a mean replaces whatever was there
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    const auto before = static_cast<double>(t - 1);
    return narrow<R, Formula>(lr / std::pow(1 + lambd * lr * before, alpha.value), lambd + weight_decay,
                              1 / std::max(1.0, before - t0));
  }

  template <class R>
  struct Switch {
    void operator()(auto& x, auto& a) const {
      const auto other = a;
      a = x;
      x = other;
    }
  };
  template <class R>
  Switch<R> to_eval() const {
    return {};
  }
  template <class R>
  Switch<R> to_train() const {
    return {};
  }
};
static_assert(Rule<Asgd>);

}  // namespace basin::rules
