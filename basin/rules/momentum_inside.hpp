// SGD with momentum whose velocity holds the rate, as the textbooks and Keras have it.
//
// Paper    Sutskever, Martens, Dahl & Hinton, On the Importance of Initialization and Momentum, ICML 2013, eq. 1-2
// Step t   d = g + decay x      v = mu v - lr d      x = x + v
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  the same path as `momentum` while the rate stays; when it changes, a velocity keeps the rate it was made with
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct MomentumInside {
  static constexpr std::string_view name = "momentum_inside", title = "SGD with momentum, rate inside";
  Rate lr = 1e-2;
  Fraction momentum = 0.9;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, momentum, weight_decay)
  static constexpr std::array slots{"velocity"};
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R mu, lr, decay;
    void operator()(auto& x, const auto& g, auto& v) const {
      v = mu * v - lr * (g + decay * x);
      x = x + v;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(momentum, lr, weight_decay);
  }
};
static_assert(Rule<MomentumInside>);

}  // namespace basin::rules
