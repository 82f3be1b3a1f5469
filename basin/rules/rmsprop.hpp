// RMSProp: the gradient divided by the root of the running mean of its square.
//
// Paper    Tieleman & Hinton, Lecture 6.5, Neural Networks for Machine Learning, Coursera, 2012
// Step t   d = g + decay x      v = alpha v + (1 - alpha) d^2      u = d / (sqrt(v) + eps)
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  eps stands outside the root, and alpha is 0.99, as in PyTorch; the lecture has 0.9 and no eps
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct RmsProp {
  static constexpr std::string_view name = "rmsprop", title = "RMSProp";
  Rate lr = 1e-2;
  Beta alpha = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, alpha, eps, weight_decay)
  static constexpr std::array slots{"square_avg"};

  template <class R>
  struct Formula {
    R c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& v) const {
      const auto d = g + decay * x;
      v += c * (d * d - v);
      return d / (sqrt(v) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(1 - alpha, eps, weight_decay);
  }
};
static_assert(Rule<RmsProp>);

}  // namespace basin::rules
