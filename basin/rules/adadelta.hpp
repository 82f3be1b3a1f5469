// Adadelta: steps in the units of the weights, from the running means of squared gradients and squared steps.
//
// Paper    Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, Algorithm 1
// Step t   d = g + decay x      v = rho v + (1-rho) d^2      u = d sqrt(a + eps) / sqrt(v + eps)
//          a = rho a + (1-rho) u^2
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  the paper has no rate; PyTorch's is 1. Its rho of the experiments is 0.95, PyTorch's 0.9
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Adadelta {
  static constexpr std::string_view name = "adadelta", title = "Adadelta";
  Rate lr = 1;
  Beta rho = 0.9;
  Epsilon eps = 1e-6;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, rho, eps, weight_decay)
  static constexpr std::array slots{"square_avg", "acc_delta"};

  template <class R>
  struct Formula {
    R c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& v, auto& a) const {
      const auto d = g + decay * x;
      v += c * (d * d - v);
      const auto u = sqrt(a + eps) / sqrt(v + eps) * d;
      a += c * (u * u - a);
      return u;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(1 - rho, eps, weight_decay);
  }
};
static_assert(Rule<Adadelta>);

}  // namespace basin::rules
