// The heavy ball: SGD with a momentum that accumulates steps; Keras and the textbooks call this momentum.
//
// Paper    Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964, eq. 9
// Step t   d = g + decay x      v = mu v - lr d      x = x + v
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  nothing; momentum has the rate outside the velocity, which differs when the rate changes
// Dialects keras: the heavy ball, v = mu v - lr g, so that a decreasing rate leaves the velocity as it is; x
//            = x + v - lr decay x. Keras's own momentum defaults to 0
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
    R lr, mu, coupled, decoupled;
    void operator()(auto& x, const auto& g, auto& v) const {
      v = mu * v - lr * (g + coupled * x);
      x += v - decoupled * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(lr, momentum, weight_decay, 0);
  }
};

struct MomentumKeras {
  static constexpr std::string_view name = "momentum_keras", title = "SGD with momentum, of Keras";
  static constexpr std::string_view dialect_of = "momentum";
  static constexpr std::array dialects{"keras"};
  using Loops = HeavyBall;
  Rate lr = 1e-2;
  Fraction momentum = 0.9;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, momentum, weight_decay)
  static constexpr auto slots = HeavyBall::slots;
  static constexpr bool moves = true;

  template <class R>
  HeavyBall::Formula<R> at(Step) const {
    return narrow<R, HeavyBall::Formula>(lr, momentum, 0, lr * weight_decay);
  }
};
static_assert(Rule<HeavyBall> && Rule<MomentumKeras>);

}  // namespace basin::rules
