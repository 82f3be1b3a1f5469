// SGD with momentum: the heavy ball.
//
// Paper    Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964; in this form
//          Sutskever, Martens, Dahl & Hinton, On the Importance of Initialization and Momentum, ICML 2013
// Step t   d = g + decay x      b = mu b + (1 - dampening) d, and b = d at t = 1      u = b
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  the rate is outside the velocity, as in PyTorch; Sutskever and Keras have it inside, which differs
//          when the rate changes
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Momentum {
  static constexpr std::string_view name = "momentum", title = "SGD with momentum";
  Rate lr = 1e-2;
  Fraction momentum = 0.9, dampening = 0;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, momentum, dampening, weight_decay)
  static constexpr std::array slots{"momentum_buffer"};

  template <class R>
  struct Formula {
    R mu, damp, decay;
    auto operator()(const auto& x, const auto& g, auto& b) const {
      b = mu * b + damp * (g + decay * x);
      return b;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(momentum, t == 1 ? 1 : 1 - dampening, weight_decay);
  }
};
static_assert(Rule<Momentum>);

}  // namespace basin::rules
