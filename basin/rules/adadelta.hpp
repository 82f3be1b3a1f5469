// Adadelta: scales each step by the size of the weight's recent steps, so that no rate is needed.
//
// Paper    Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, Algorithm 1
// Step t   d = g + decay x      s = rho s + (1-rho) d^2
//          u = sqrt(a + eps) / sqrt(s + eps) d
//          a = rho a + (1-rho) u^2
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  lr and weight_decay are PyTorch's additions; lr = 1 is the paper
// Dialects keras: the rate is 0.001 instead of 1, rho is 0.95 and eps 1e-7; decay is decoupled
#pragma once
#include "basin/rules/decoupled.hpp"

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
    R rho, c, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& s, auto& a) const {
      const auto d = g + decay * x;
      s = rho * s + c * d * d;
      const auto u = sqrt(a + eps) / sqrt(s + eps) * d;
      a = rho * a + c * u * u;
      return u;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(rho, 1 - rho, eps, weight_decay);
  }
};

struct AdadeltaKeras {
  static constexpr std::string_view name = "adadelta_keras", title = "Adadelta of Keras";
  static constexpr std::string_view dialect_of = "adadelta";
  static constexpr std::array dialects{"keras"};
  Rate lr = 1e-3;
  Beta rho = 0.95;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, rho, eps, weight_decay)
  static constexpr auto slots = Adadelta::slots;

  template <class R>
  Decoupled<R, Adadelta::Formula<R>> at(Step t) const {
    return {static_cast<R>(weight_decay), Adadelta{lr, rho, eps, 0}.at<R>(t)};
  }
};
static_assert(Rule<Adadelta> && Rule<AdadeltaKeras>);

}  // namespace basin::rules
