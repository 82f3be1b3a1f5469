// SGD with Nesterov momentum: takes the gradient at the point where the momentum will carry the weights.
//
// Paper    Nesterov, A Method of Solving a Convex Programming Problem with Convergence Rate O(1/k^2), 1983;
//          in this form Sutskever, Martens, Dahl & Hinton, ICML 2013, eq. 3-4 rewritten at the look-ahead
//          point
// Step t   d = g + decay x      b = mu b + d      u = d + mu b
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  as in PyTorch: the rate is outside the velocity
// Dialects keras: the rate is inside the velocity, v = mu v - lr g, x = x + mu v - lr g - lr decay x. Keras's
//            own momentum defaults to 0
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Nesterov {
  static constexpr std::string_view name = "nesterov", title = "SGD with Nesterov momentum";
  Rate lr = 1e-2;
  Fraction momentum = 0.9;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, momentum, weight_decay)
  static constexpr std::array slots{"momentum_buffer"};

  template <class R>
  struct Formula {
    R mu, decay;
    auto operator()(const auto& x, const auto& g, auto& b) const {
      const auto d = g + decay * x;
      b = mu * b + d;
      return d + mu * b;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(momentum, weight_decay);
  }
};

struct NesterovKeras {
  static constexpr std::string_view name = "nesterov_keras", title = "SGD with Nesterov momentum, of Keras";
  static constexpr std::string_view dialect_of = "nesterov";
  static constexpr std::array dialects{"keras"};
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
      v = mu * v - lr * g;
      x += mu * v - lr * g - decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(lr, momentum, lr * weight_decay);
  }
};
static_assert(Rule<Nesterov> && Rule<NesterovKeras>);

}  // namespace basin::rules
