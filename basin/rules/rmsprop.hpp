// RMSProp: the gradient divided by the root of the running mean of its square; the centered form divides by
// its standard deviation.
//
// Paper    Tieleman & Hinton, Lecture 6.5, Neural Networks for Machine Learning, Coursera, 2012; centered,
//          and with momentum: Graves, Generating Sequences with Recurrent Neural Networks, 2013, eq. 38-41
// Step t   d = g + decay x
//          rmsprop             v = alpha v + (1-alpha) d^2      u = d / (sqrt(v) + eps)
//          rmsprop_centered    a = alpha a + (1-alpha) d        u = d / (sqrt(v - a^2) + eps)
//          ..._momentum        b = mu b + u                     and b instead of u
// Memory   1 value per weight, 1 more for each word after the first; 20 bytes moved per weight and step in
//          float32, and 8 more for each
// Departs  eps is outside the root, and alpha is 0.99, as in PyTorch; the lecture has 0.9 and no eps, Graves
//          has eps inside the root and the rate inside b. v - a^2 below 0, which only rounding can cause,
//          counts as 0
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
  static constexpr bool sparse = true;

  template <class R>
  struct Formula {
    R alpha, c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& v) const {
      const auto d = g + decay * x;
      v = alpha * v + c * d * d;
      return d / (sqrt(v) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(alpha, 1 - alpha, eps, weight_decay);
  }
};

struct RmsPropCentered {
  static constexpr std::string_view name = "rmsprop_centered", title = "RMSProp, centered";
  Rate lr = 1e-2;
  Beta alpha = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, alpha, eps, weight_decay)
  static constexpr std::array slots{"square_avg", "grad_avg"};

  template <class R>
  struct Formula {
    R alpha, c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& v, auto& a) const {
      const auto d = g + decay * x;
      v = alpha * v + c * d * d;
      a = alpha * a + c * d;
      const auto spread = select(v - v == 0, v - a * a, v);  // where v is infinite, a^2 may be, too
      return d / (sqrt(max(spread, R{0})) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(alpha, 1 - alpha, eps, weight_decay);
  }
};

// Momentum over the directions of a rule with the formula F.
template <class R, class F>
struct WithMomentum {
  R mu;
  F direction;
  auto operator()(const auto& x, const auto& g, auto& b, auto&... slot) const {
    b = mu * b + direction(x, g, slot...);
    return b;
  }
};

struct RmsPropMomentum {
  static constexpr std::string_view name = "rmsprop_momentum", title = "RMSProp with momentum";
  Rate lr = 1e-2;
  Beta alpha = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, alpha, eps, weight_decay, momentum)
  static constexpr std::array slots{"momentum_buffer", "square_avg"};

  template <class R>
  WithMomentum<R, RmsProp::Formula<R>> at(Step t) const {
    return {static_cast<R>(momentum), RmsProp{lr, alpha, eps, weight_decay}.at<R>(t)};
  }
};

struct RmsPropCenteredMomentum {
  static constexpr std::string_view name = "rmsprop_centered_momentum",
                                    title = "RMSProp, centered, with momentum";
  Rate lr = 1e-2;
  Beta alpha = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, alpha, eps, weight_decay, momentum)
  static constexpr std::array slots{"momentum_buffer", "square_avg", "grad_avg"};

  template <class R>
  WithMomentum<R, RmsPropCentered::Formula<R>> at(Step t) const {
    return {static_cast<R>(momentum), RmsPropCentered{lr, alpha, eps, weight_decay}.at<R>(t)};
  }
};
static_assert(Rule<RmsProp> && Rule<RmsPropCentered> && Rule<RmsPropMomentum> &&
              Rule<RmsPropCenteredMomentum>);

}  // namespace basin::rules
