// Lion: moves every weight by the rate, against the sign of a mean of momentum and gradient.
//
// Paper    Chen et al., Symbolic Discovery of Optimization Algorithms, NeurIPS 2023, Algorithm 2
// Step t   u = sign(b1 m + (1-b1) g) + decay x      m = b2 m + (1-b2) g
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  nothing; use a rate 3 to 10 times smaller than AdamW's, and a decay larger by as much
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Lion {
  static constexpr std::string_view name = "lion", title = "Lion";
  Rate lr = 1e-4;
  Beta beta1 = 0.9, beta2 = 0.99;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, weight_decay)
  static constexpr std::array slots{"exp_avg"};

  template <class R>
  struct Formula {
    R share, b2, c2, decay;
    auto operator()(const auto& x, const auto& g, auto& m) const {
      const auto u = sign(share * m + g) + decay * x;  // the sign of (1-b1) times this
      m = b2 * m + c2 * g;
      return u;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(beta1 / (1 - beta1), beta2, 1 - beta2, weight_decay);
  }
};
static_assert(Rule<Lion>);

}  // namespace basin::rules
