// LaProp: momentum over normalised gradients, where Adam normalises the momentum.
//
// Paper    Ziyin, Wang & Ueda, LaProp: Separating Momentum and Adaptivity in Adam, 2020, Algorithm 1
// Step t   v = b2 v + (1-b2) g^2      m = b1 m + (1-b1) g / (sqrt(v/(1-b2^t)) + eps)
//          u = m/(1-b1^t) + decay x
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  decay is decoupled and scaled by lr, as in AdamW, and the rate is outside the momentum
// Dialects authors: decay comes after the step and is not scaled by lr, x = (1 - decay) (x - u); the rate is
//            inside the momentum, m = b1 m + (1-b1) lr g / (sqrt(v/(1-b2^t)) + eps), u = lr m / l, where l =
//            b1 l + (1-b1) lr corrects its bias
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct LaProp {
  static constexpr std::string_view name = "laprop", title = "LaProp";
  Rate lr = 4e-4;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-15;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      v = b2 * v + c2 * g * g;
      m = b1 * m + c1 * (g / (sqrt(v) * unbias2 + eps));
      return m * unbias1 + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              unbiased_root(beta2, t), eps, weight_decay);
  }
};

struct LaPropAuthors {
  static constexpr std::string_view name = "laprop_authors", title = "LaProp of its authors";
  static constexpr std::string_view dialect_of = "laprop";
  static constexpr std::array dialects{"authors"};
  Rate lr = 4e-4;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-15;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = LaProp::slots;
  static constexpr std::array numbers{"exp_avg_lr"};
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, keep;
    void operator()(auto& x, const auto& g, auto& m, auto& v) const {
      v = b2 * v + c2 * g * g;
      m = b1 * m + c1 * (g / (sqrt(v) * unbias2 + eps));
      x = keep * (x - unbias1 * m);
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values) const {
    double& mean_rate = values[0];
    mean_rate = beta1 * (t == 1 ? 0 : mean_rate) + (1 - beta1) * lr;
    return narrow<R, Formula>(beta1, beta2, (1 - beta1) * lr, 1 - beta2, mean_rate > 0 ? lr / mean_rate : 1,
                              unbiased_root(beta2, t), eps, 1 - weight_decay);
  }
};
static_assert(Rule<LaProp> && Rule<LaPropAuthors>);

}  // namespace basin::rules
