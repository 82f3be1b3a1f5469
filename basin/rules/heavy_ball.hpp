// The heavy ball: SGD with momentum, whose velocity is a distance; what Keras and the textbooks call momentum.
//
// Paper    Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964, eq. 9
// Step t   d = g + decay x      v = mu v - lr d      x = x + v
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  nothing; momentum has the rate outside the velocity, which differs when the rate changes
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct HeavyBall {
  static constexpr std::string_view name = "heavy_ball", title = "Heavy ball";
  Rate lr = 1e-2;
  Fraction momentum = 0.9;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, momentum, weight_decay)
  static constexpr std::array slots{"velocity"};
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R lr, mu, decay;
    void operator()(auto& x, const auto& g, auto& v) const {
      v = mu * v - lr * (g + decay * x);
      x += v;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(lr, momentum, weight_decay);
  }
};
static_assert(Rule<HeavyBall>);

}  // namespace basin::rules
