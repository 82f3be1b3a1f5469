// RMSProp as Keras, Optax and TensorFlow 1 compute it: eps inside the root, and the rate inside the momentum.
//
// Source   Keras 3, optimizers/rmsprop.py; Optax, transform.py, scale_by_rms; TensorFlow 1, RMSPropOptimizer,
//          and timm's port of it, rmsprop_tf.py
// Step t   rmsprop             v = alpha v + (1-alpha) g^2      u = g / sqrt(v + eps) + decay x
//          rmsprop_centered    a = alpha a + (1-alpha) g        u = g / sqrt(v - a^2 + eps) + decay x
//          ..._momentum        b = mu b + lr u, without decay   x = x - b - lr decay x
// Memory   1 value per weight, 1 more for each word after the first; 20 bytes moved per weight and step in
//          float32, and 8 more for each
// Departs  v - a^2 below 0, which only rounding can cause, counts as 0
// Dialects keras: eps is inside the root and is 1e-7, alpha is 0.9, the rate is inside the momentum, decay is
//            decoupled
//          optax: eps is inside the root, alpha is 0.9; v starts at initial_accumulator_value, Optax's
//            initial_scale; no decay. Its momentum and its centered form are Keras's with another eps
//          tf1: as optax, but v starts at 1 and eps is 1e-10; the rate is inside the momentum. Also timm's
//            RMSpropTF
#pragma once
#include "basin/rules/rmsprop.hpp"

namespace basin::rules {

struct RmsPropKeras {
  static constexpr std::string_view name = "rmsprop_keras", title = "RMSProp of Keras";
  static constexpr std::string_view dialect_of = "rmsprop";
  static constexpr std::array dialects{"keras"};
  Rate lr = 1e-3;
  Beta alpha = 0.9;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, alpha, eps, weight_decay)
  static constexpr auto slots = RmsProp::slots;
  static constexpr bool sparse = true;

  template <class R>
  struct Formula {
    R alpha, c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& v) const {
      v = alpha * v + c * g * g;
      return g / sqrt(v + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(alpha, 1 - alpha, eps, weight_decay);
  }
};

struct RmsPropOptax {
  static constexpr std::string_view name = "rmsprop_optax", title = "RMSProp of Optax";
  static constexpr std::string_view dialect_of = "rmsprop";
  static constexpr std::array dialects{"optax"};
  using Loops = RmsPropKeras;
  Rate lr = 1e-2;
  Beta alpha = 0.9;
  Epsilon eps = 1e-8;
  Amount initial_accumulator_value = 0;
  BASIN_KNOBS(lr, alpha, eps, initial_accumulator_value)
  static constexpr auto slots = RmsProp::slots;
  static constexpr bool sparse = true;
  double initial(std::size_t) const { return initial_accumulator_value; }

  template <class R>
  RmsPropKeras::Formula<R> at(Step t) const {
    return RmsPropKeras{lr, alpha, eps, 0}.at<R>(t);
  }
};

struct RmsPropTf1 {
  static constexpr std::string_view name = "rmsprop_tf1", title = "RMSProp of TensorFlow 1";
  static constexpr std::string_view dialect_of = "rmsprop";
  static constexpr std::array dialects{"tf1"};
  using Loops = RmsPropKeras;
  Rate lr = 1e-2;
  Beta alpha = 0.9;
  Epsilon eps = 1e-10;
  Amount initial_accumulator_value = 1;
  BASIN_KNOBS(lr, alpha, eps, initial_accumulator_value)
  static constexpr auto slots = RmsProp::slots;
  static constexpr bool sparse = true;
  double initial(std::size_t) const { return initial_accumulator_value; }

  template <class R>
  RmsPropKeras::Formula<R> at(Step t) const {
    return RmsPropKeras{lr, alpha, eps, 0}.at<R>(t);
  }
};

struct RmsPropCenteredKeras {
  static constexpr std::string_view name = "rmsprop_centered_keras", title = "RMSProp, centered, of Keras";
  static constexpr std::string_view dialect_of = "rmsprop_centered";
  static constexpr std::array dialects{"keras"};
  Rate lr = 1e-3;
  Beta alpha = 0.9;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, alpha, eps, weight_decay)
  static constexpr auto slots = RmsPropCentered::slots;

  template <class R>
  struct Formula {
    R alpha, c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& v, auto& a) const {
      v = alpha * v + c * g * g;
      a = alpha * a + c * g;
      const auto spread = select(v - v == 0, v - a * a, v);  // as in PyTorch's form
      return g / sqrt(max(spread, R{0}) + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(alpha, 1 - alpha, eps, weight_decay);
  }
};

// A momentum that accumulates steps, over the directions of a rule with the formula F.
template <class R, class F>
struct WithRateInside {
  R lr, mu, decay;
  F direction;
  void operator()(auto& x, const auto& g, auto& b, auto&... slot) const {
    b = mu * b + lr * direction(x, g, slot...);
    x -= b + decay * x;
  }
};

struct RmsPropMomentumKeras {
  static constexpr std::string_view name = "rmsprop_momentum_keras",
                                    title = "RMSProp with momentum, of Keras";
  static constexpr std::string_view dialect_of = "rmsprop_momentum";
  static constexpr std::array dialects{"keras"};
  Rate lr = 1e-3;
  Beta alpha = 0.9;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, alpha, eps, weight_decay, momentum)
  static constexpr auto slots = RmsPropMomentum::slots;
  static constexpr bool moves = true;

  template <class R>
  WithRateInside<R, RmsPropKeras::Formula<R>> at(Step t) const {
    return {static_cast<R>(lr), static_cast<R>(momentum), static_cast<R>(lr * weight_decay),
            RmsPropKeras{lr, alpha, eps, 0}.at<R>(t)};
  }
};

struct RmsPropMomentumTf1 {
  static constexpr std::string_view name = "rmsprop_momentum_tf1",
                                    title = "RMSProp with momentum, of TensorFlow 1";
  static constexpr std::string_view dialect_of = "rmsprop_momentum";
  static constexpr std::array dialects{"tf1"};
  using Loops = RmsPropMomentumKeras;
  Rate lr = 1e-2;
  Beta alpha = 0.9;
  Epsilon eps = 1e-10;
  Amount initial_accumulator_value = 1;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, alpha, eps, initial_accumulator_value, momentum)
  static constexpr auto slots = RmsPropMomentum::slots;
  static constexpr bool moves = true;
  double initial(std::size_t slot) const { return slot == 1 ? initial_accumulator_value.value : 0; }

  template <class R>
  WithRateInside<R, RmsPropKeras::Formula<R>> at(Step t) const {
    return RmsPropMomentumKeras{lr, alpha, eps, 0, momentum}.at<R>(t);
  }
};

struct RmsPropCenteredMomentumKeras {
  static constexpr std::string_view name = "rmsprop_centered_momentum_keras",
                                    title = "RMSProp, centered, with momentum, of Keras";
  static constexpr std::string_view dialect_of = "rmsprop_centered_momentum";
  static constexpr std::array dialects{"keras"};
  Rate lr = 1e-3;
  Beta alpha = 0.9;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, alpha, eps, weight_decay, momentum)
  static constexpr auto slots = RmsPropCenteredMomentum::slots;
  static constexpr bool moves = true;

  template <class R>
  WithRateInside<R, RmsPropCenteredKeras::Formula<R>> at(Step t) const {
    return {static_cast<R>(lr), static_cast<R>(momentum), static_cast<R>(lr * weight_decay),
            RmsPropCenteredKeras{lr, alpha, eps, 0}.at<R>(t)};
  }
};
static_assert(Rule<RmsPropKeras> && Rule<RmsPropOptax> && Rule<RmsPropTf1> && Rule<RmsPropCenteredKeras> &&
              Rule<RmsPropMomentumKeras> && Rule<RmsPropMomentumTf1> && Rule<RmsPropCenteredMomentumKeras>);

}  // namespace basin::rules
