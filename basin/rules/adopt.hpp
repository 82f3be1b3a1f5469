// ADOPT: Adam that divides a gradient by the second moment from before it, so that it converges for any
// beta2.
//
// Paper    Taniguchi et al., ADOPT: Modified Adam Can Converge with Any beta2 with the Optimal Rate, NeurIPS
//          2024, Algorithm 2
// Step t   t = 1    v = g^2, and nothing moves
//          t > 1    c = (t-1)^(1/4)      m = b1 m + (1-b1) clip(g / max(sqrt(v), eps), -c, c)
//                   u = m + decay x
//                   v = b2 v + (1-b2) g^2
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  decay is decoupled, which is an option in the authors' code; its default is L2 in the gradient
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Adopt {
  static constexpr std::string_view name = "adopt", title = "ADOPT";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.9999;
  Epsilon eps = 1e-6;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, eps, limit, moving, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      m = b1 * m + c1 * min(max(g / max(sqrt(v), eps), -limit), limit);
      v = b2 * v + c2 * g * g;
      return moving * (m + decay * x);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    if (t == 1) return narrow<R, Formula>(1, 0, 0, 1, eps, 1, 0, weight_decay);
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, eps,
                              std::pow(static_cast<double>(t - 1), 0.25), 1, weight_decay);
  }
};
static_assert(Rule<Adopt>);

}  // namespace basin::rules
