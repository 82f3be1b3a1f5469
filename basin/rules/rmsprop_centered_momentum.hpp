// Centered RMSProp with momentum: the variance of the gradient in place of its mean square.
//
// Paper    Graves, Generating Sequences with Recurrent Neural Networks, 2013, eq. 38-45
// Step t   d = g + decay x      v = alpha v + (1-alpha) d^2      a = alpha a + (1-alpha) d
//          w = d / (sqrt(v - a^2) + eps)      b = mu b + w      u = b
// Memory   3 values per weight; 36 bytes moved per weight and step in float32
// Departs  as in PyTorch: eps outside the root, the rate outside the velocity
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct RmsPropCenteredMomentum {
  static constexpr std::string_view name = "rmsprop_centered_momentum", title = "centered RMSProp with momentum";
  Rate lr = 1e-2;
  Beta alpha = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, alpha, eps, weight_decay, momentum)
  static constexpr std::array slots{"square_avg", "grad_avg", "momentum_buffer"};

  template <class R>
  struct Formula {
    R c, eps, decay, mu;
    auto operator()(const auto& x, const auto& g, auto& v, auto& mean, auto& b) const {
      const auto d = g + decay * x;
      v += c * (d * d - v);
      mean += c * (d - mean);
      b = mu * b + d / (sqrt(v - mean * mean) + eps);
      return b;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(1 - alpha, eps, weight_decay, momentum);
  }
};
static_assert(Rule<RmsPropCenteredMomentum>);

}  // namespace basin::rules
