// AMSGrad: Adam, or AdamW, whose second moment never decreases, so that no weight's rate grows again.
//
// Paper    Reddi, Kale & Kumar, On the Convergence of Adam and Beyond, ICLR 2018, Algorithm 2
// Step t   amsgrad      d = g + decay x      amsgradw     d = g
//          m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2      h = max(h, v)
//          u = m/(1-b1^t) / (sqrt(h/(1-b2^t)) + eps)           amsgradw     u = u + decay x
// Memory   3 values per weight; 36 bytes moved per weight and step in float32
// Departs  the moments are bias-corrected, after the maximum is taken, as in PyTorch; the paper does not
//          correct them
// Dialects keras: eps, 1e-7, is not bias-corrected, as in Adam; decay is decoupled
//          optax: the maximum is taken over the bias-corrected moments, which are largest in the first steps,
//            h = max(h, v/(1-b2^t)); eps_root is inside the root; no decay
//          paper: nothing is bias-corrected, u = m / (sqrt(h) + eps); eps is not in the paper
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Amsgrad {
  static constexpr std::string_view name = "amsgrad", title = "AMSGrad";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, coupled, decoupled;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v, auto& h) const {
      const auto d = g + coupled * x;
      m = b1 * m + c1 * d;
      v = b2 * v + c2 * d * d;
      h = max(h, v);
      return m * unbias1 / (sqrt(h) * unbias2 + eps) + decoupled * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              unbiased_root(beta2, t), eps, weight_decay, 0);
  }
};

struct AmsgradW {
  static constexpr std::string_view name = "amsgradw", title = "AMSGrad of AdamW";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 1e-2;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = Amsgrad::slots;

  template <class R>
  Amsgrad::Formula<R> at(Step t) const {
    auto formula = Amsgrad{lr, beta1, beta2, eps, 0}.at<R>(t);
    formula.decoupled = static_cast<R>(weight_decay);
    return formula;
  }
};

struct AmsgradKeras {
  static constexpr std::string_view name = "amsgrad_keras", title = "AMSGrad of Keras";
  static constexpr std::string_view dialect_of = "amsgrad";
  static constexpr std::array dialects{"keras"};
  using Loops = Amsgrad;
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = Amsgrad::slots;

  template <class R>
  Amsgrad::Formula<R> at(Step t) const {
    return AmsgradW{lr, beta1, beta2, eps / std::sqrt(gathered(beta2, t)), weight_decay}.at<R>(t);
  }
};

struct AmsgradOptax {
  static constexpr std::string_view name = "amsgrad_optax", title = "AMSGrad of Optax";
  static constexpr std::string_view dialect_of = "amsgrad";
  static constexpr std::array dialects{"optax"};
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8, eps_root = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, eps_root)
  static constexpr auto slots = Amsgrad::slots;

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias1, unbias2, eps, eps_root;
    auto operator()(const auto&, const auto& g, auto& m, auto& v, auto& h) const {
      m = b1 * m + c1 * g;
      v = b2 * v + c2 * g * g;
      h = max(h, v * unbias2);
      return m * unbias1 / (sqrt(h + eps_root) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1 / gathered(beta1, t),
                              1 / gathered(beta2, t), eps, eps_root);
  }
};

struct AmsgradPaper {
  static constexpr std::string_view name = "amsgrad_paper", title = "AMSGrad of the paper";
  static constexpr std::string_view dialect_of = "amsgrad";
  static constexpr std::array dialects{"paper"};
  using Loops = Amsgrad;
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, beta1, beta2, eps)
  static constexpr auto slots = Amsgrad::slots;

  template <class R>
  Amsgrad::Formula<R> at(Step) const {
    return narrow<R, Amsgrad::Formula>(beta1, beta2, 1 - beta1, 1 - beta2, 1, 1, eps, 0, 0);
  }
};
static_assert(Rule<Amsgrad> && Rule<AmsgradW> && Rule<AmsgradKeras> && Rule<AmsgradOptax> &&
              Rule<AmsgradPaper>);

}  // namespace basin::rules
