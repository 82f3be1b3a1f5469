// Adam: momentum divided by the root of the running mean of the squared gradient, both bias-corrected.
//
// Paper    Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, Algorithm 1
// Step t   d = g + decay x
//          m = b1 m + (1-b1) d       v = b2 v + (1-b2) d^2
//          u = m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps)
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  weight_decay is PyTorch's addition: L2 in the gradient; AdamW has the decoupled one
// Dialects keras: eps, 1e-7, is the eps-hat of the paper's section 2, which is not bias-corrected and
//            therefore counts for more in the first steps, u = m sqrt(1-b2^t)/(1-b1^t) / (sqrt(v) + eps) +
//            decay x
//          optax: eps_root is inside the root, sqrt(v/(1-b2^t) + eps_root) + eps; no decay
#pragma once
#include "basin/rules/adamw.hpp"

namespace basin::rules {

struct Adam {
  static constexpr std::string_view name = "adam", title = "Adam";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      const auto d = g + decay * x;
      m = b1 * m + c1 * d;
      v = b2 * v + c2 * d * d;
      return m * unbias1 / (sqrt(v) * unbias2 + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              unbiased_root(beta2, t), eps, weight_decay);
  }
};

struct AdamKeras {
  static constexpr std::string_view name = "adam_keras", title = "Adam of Keras";
  static constexpr std::string_view dialect_of = "adam";
  static constexpr std::array dialects{"keras"};
  using Loops = AdamW;
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = Adam::slots;

  template <class R>
  AdamW::Formula<R> at(Step t) const {
    return AdamWKeras{lr, beta1, beta2, eps, weight_decay}.at<R>(t);
  }
};

struct AdamOptax {
  static constexpr std::string_view name = "adam_optax", title = "Adam of Optax";
  static constexpr std::string_view dialect_of = "adam";
  static constexpr std::array dialects{"optax"};
  using Loops = AdamWOptax;
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8, eps_root = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, eps_root)
  static constexpr auto slots = Adam::slots;

  template <class R>
  AdamWOptax::Formula<R> at(Step t) const {
    return AdamWOptax{lr, beta1, beta2, eps, eps_root, 0}.at<R>(t);
  }
};
static_assert(Rule<Adam> && Rule<AdamKeras> && Rule<AdamOptax>);

}  // namespace basin::rules
