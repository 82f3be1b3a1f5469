// Centered RMSProp: the variance of the gradient in place of its mean square.
//
// Paper    Graves, Generating Sequences with Recurrent Neural Networks, 2013, eq. 38-45
// Step t   d = g + decay x      v = alpha v + (1-alpha) d^2      a = alpha a + (1-alpha) d
//          w = d / (sqrt(v - a^2) + eps)      u = w
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  as in PyTorch: eps outside the root
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct RmsPropCentered {
  static constexpr std::string_view name = "rmsprop_centered", title = "centered RMSProp";
  Rate lr = 1e-2;
  Beta alpha = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, alpha, eps, weight_decay)
  static constexpr std::array slots{"square_avg", "grad_avg"};

  template <class R>
  struct Formula {
    R c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& v, auto& mean) const {
      const auto d = g + decay * x;
      v += c * (d * d - v);
      mean += c * (d - mean);
      return d / (sqrt(v - mean * mean) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(1 - alpha, eps, weight_decay);
  }
};
static_assert(Rule<RmsPropCentered>);

}  // namespace basin::rules
