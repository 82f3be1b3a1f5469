// Adamax: Adam with a decaying maximum of the gradient instead of the root of the second moment.
//
// Paper    Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, Algorithm 2
// Step t   d = g + decay x      m = b1 m + (1-b1) d      n = max(b2 n, |d| + eps)
//          u = m/(1-b1^t) / n
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  eps, which keeps n from being zero, and weight_decay are PyTorch's additions
// Dialects keras: the rate is 0.001; eps, 1e-7, is added to n in the division and not stored in it, n =
//            max(b2 n, |g|), u = m/(1-b1^t) / (n + eps) + decay x
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Adamax {
  static constexpr std::string_view name = "adamax", title = "Adamax";
  Rate lr = 2e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_inf"};

  template <class R>
  struct Formula {
    R b1, b2, c1, unbias, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& n) const {
      const auto d = g + decay * x;
      m = b1 * m + c1 * d;
      n = max(b2 * n, abs(d) + eps);
      return m * unbias / n;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 / gathered(beta1, t), eps, weight_decay);
  }
};

struct AdamaxKeras {
  static constexpr std::string_view name = "adamax_keras", title = "Adamax of Keras";
  static constexpr std::string_view dialect_of = "adamax";
  static constexpr std::array dialects{"keras"};
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = Adamax::slots;

  template <class R>
  struct Formula {
    R b1, b2, c1, unbias, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& n) const {
      m = b1 * m + c1 * g;
      n = max(b2 * n, abs(g));
      return m * unbias / (n + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 / gathered(beta1, t), eps, weight_decay);
  }
};
static_assert(Rule<Adamax> && Rule<AdamaxKeras>);

}  // namespace basin::rules
