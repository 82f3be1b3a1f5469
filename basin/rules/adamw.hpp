// AdamW: Adam with weight decay applied to the weights instead of added to the gradient.
//
// Paper    Loshchilov & Hutter, Decoupled Weight Decay Regularization, ICLR 2019, Algorithm 2
// Step t   m = b1 m + (1-b1) g       v = b2 v + (1-b2) g^2
//          u = m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps) + decay x
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  decay is scaled by lr, as in PyTorch; the paper scales it only by the schedule
// Dialects keras: decay is 0.004; eps, 1e-7, is the paper's eps-hat, as in Adam
//          optax: decay is 1e-4; eps_root is inside the root, sqrt(v/(1-b2^t) + eps_root) + eps
//          paper: decay is not scaled by lr, x = x - lr u - decay x; a schedule must act on both, "cosine;
//            weight_decay: cosine"
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct AdamW {
  static constexpr std::string_view name = "adamw", title = "AdamW";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 1e-2;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      m = b1 * m + c1 * g;
      v = b2 * v + c2 * g * g;
      return m * unbias1 / (sqrt(v) * unbias2 + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              unbiased_root(beta2, t), eps, weight_decay);
  }
};

struct AdamWKeras {
  static constexpr std::string_view name = "adamw_keras", title = "AdamW of Keras";
  static constexpr std::string_view dialect_of = "adamw";
  static constexpr std::array dialects{"keras"};
  using Loops = AdamW;
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-7;
  Decay weight_decay = 4e-3;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = AdamW::slots;

  // m/(1-b1^t) sqrt(1-b2^t) / (sqrt(v) + eps) is AdamW's direction with another eps.
  template <class R>
  AdamW::Formula<R> at(Step t) const {
    return AdamW{lr, beta1, beta2, eps / std::sqrt(gathered(beta2, t)), weight_decay}.at<R>(t);
  }
};

struct AdamWOptax {
  static constexpr std::string_view name = "adamw_optax", title = "AdamW of Optax";
  static constexpr std::string_view dialect_of = "adamw";
  static constexpr std::array dialects{"optax"};
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8, eps_root = 0;
  Decay weight_decay = 1e-4;
  BASIN_KNOBS(lr, beta1, beta2, eps, eps_root, weight_decay)
  static constexpr auto slots = AdamW::slots;

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, eps_root, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      m = b1 * m + c1 * g;
      v = b2 * v + c2 * g * g;
      return m * unbias1 / (sqrt(v * unbias2 + eps_root) + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              1 / gathered(beta2, t), eps, eps_root, weight_decay);
  }
};

struct AdamWPaper {
  static constexpr std::string_view name = "adamw_paper", title = "AdamW of the paper";
  static constexpr std::string_view dialect_of = "adamw";
  static constexpr std::array dialects{"paper"};
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 1e-5;  // PyTorch's defaults multiplied: 0.01 times a rate of 0.001
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = AdamW::slots;
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R lr, decay;
    AdamW::Formula<R> direction;
    void operator()(auto& x, const auto& g, auto& m, auto& v) const {
      x -= lr * direction(x, g, m, v) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return {static_cast<R>(lr), static_cast<R>(weight_decay), AdamW{lr, beta1, beta2, eps, 0}.at<R>(t)};
  }
};
static_assert(Rule<AdamW> && Rule<AdamWKeras> && Rule<AdamWOptax> && Rule<AdamWPaper>);

}  // namespace basin::rules
