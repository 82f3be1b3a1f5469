// RMSProp with momentum on the divided gradient.
//
// Paper    Tieleman & Hinton, Lecture 6.5, Coursera, 2012; the momentum is PyTorch and TensorFlow practice
// Step t   d = g + decay x      v = alpha v + (1-alpha) d^2
//          w = d / (sqrt(v) + eps)      b = mu b + w      u = b
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  as in PyTorch: eps outside the root, the rate outside the velocity
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct RmsPropMomentum {
  static constexpr std::string_view name = "rmsprop_momentum", title = "RMSProp with momentum";
  Rate lr = 1e-2;
  Beta alpha = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, alpha, eps, weight_decay, momentum)
  static constexpr std::array slots{"square_avg", "momentum_buffer"};

  template <class R>
  struct Formula {
    R c, eps, decay, mu;
    auto operator()(const auto& x, const auto& g, auto& v, auto& b) const {
      const auto d = g + decay * x;
      v += c * (d * d - v);
      b = mu * b + d / (sqrt(v) + eps);
      return b;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(1 - alpha, eps, weight_decay, momentum);
  }
};
static_assert(Rule<RmsPropMomentum>);

}  // namespace basin::rules
