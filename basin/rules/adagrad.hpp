// Adagrad: each weight's rate shrinks with the sum of the squared gradients so far.
//
// Paper    Duchi, Hazan & Singer, Adaptive Subgradient Methods for Online Learning and Stochastic
//          Optimization, JMLR 12, 2011
// Step t   d = g + decay x      s = s + d^2      u = d / (sqrt(s) + eps) / (1 + (t-1) lr_decay)
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Departs  lr_decay is PyTorch's addition; 0 is the paper
// Dialects keras, optax: s starts at 0.1, and eps, 1e-7, is inside the root, u = g / sqrt(s + eps) + decay x;
//            the rate is Keras's, Optax has none
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Adagrad {
  static constexpr std::string_view name = "adagrad", title = "Adagrad";
  Rate lr = 1e-2;
  Decay lr_decay = 0, weight_decay = 0;
  Amount initial_accumulator_value = 0;
  Epsilon eps = 1e-10;
  BASIN_KNOBS(lr, lr_decay, weight_decay, initial_accumulator_value, eps)
  static constexpr std::array slots{"sum"};
  static constexpr bool sparse = true;
  double initial(std::size_t) const { return initial_accumulator_value; }

  template <class R>
  struct Formula {
    R rate, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& s) const {
      const auto d = g + decay * x;
      s += d * d;
      return rate * d / (sqrt(s) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(1 / (1 + static_cast<double>(t - 1) * lr_decay), eps, weight_decay);
  }
};

struct AdagradKeras {
  static constexpr std::string_view name = "adagrad_keras", title = "Adagrad of Keras and Optax";
  static constexpr std::string_view dialect_of = "adagrad";
  static constexpr std::array dialects{"keras", "optax"};
  Rate lr = 1e-3;
  Amount initial_accumulator_value = 0.1;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, initial_accumulator_value, eps, weight_decay)
  static constexpr auto slots = Adagrad::slots;
  static constexpr bool sparse = true;
  double initial(std::size_t) const { return initial_accumulator_value; }

  template <class R>
  struct Formula {
    R eps, decay;
    auto operator()(const auto& x, const auto& g, auto& s) const {
      s += g * g;
      return g / sqrt(s + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(eps, weight_decay);
  }
};
static_assert(Rule<Adagrad> && Rule<AdagradKeras>);

}  // namespace basin::rules
