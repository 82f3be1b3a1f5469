// NAdam: Adam with Nesterov's momentum, which grows from half of beta1 to beta1.
//
// Paper    Dozat, Incorporating Nesterov Momentum into Adam, ICLR workshop 2016, Algorithm 2
// Step t   mu_t = b1 (1 - 0.96^(t psi) / 2)       P = mu_1 ... mu_t
//          d = g + decay x      m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2
//          u = ((1 - mu_t)/(1 - P) d + mu_{t+1}/(1 - P mu_{t+1}) m) / (sqrt(v/(1-b2^t)) + eps)
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  m decays by b1, as in PyTorch; in the paper it decays by mu_t. psi is momentum_decay. PyTorch
//          before 2.0, with foreach off, has mu_t twice in the last product
// Dialects keras: the rate is 0.001, eps 1e-7; mu_t = b1 (1 - 0.96^t / 2), which reaches b1 250 times sooner;
//            decay is decoupled
//          optax: mu is b1 from the first step on, u = ((1-b1)/(1-b1^t) g + b1/(1-b1^(t+1)) m) /
//            (sqrt(v/(1-b2^t)) + eps); no decay
#pragma once
#include "basin/rules/decoupled.hpp"

namespace basin::rules {

struct NAdam {
  static constexpr std::string_view name = "nadam", title = "NAdam";
  Rate lr = 2e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0, momentum_decay = 4e-3;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, momentum_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};
  static constexpr std::array numbers{"mu_product"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, gradient, momentum, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      const auto d = g + decay * x;
      m = b1 * m + c1 * d;
      v = b2 * v + c2 * d * d;
      return (gradient * d + momentum * m) / (sqrt(v) * unbias2 + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values) const {
    const double now = mu(t), next = mu(t + 1);
    const double product = values[0] *= now;
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, (1 - now) / (1 - product),
                              next / (1 - product * next), unbiased_root(beta2, t), eps, weight_decay);
  }

 private:
  double mu(Step t) const {
    return beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t) * momentum_decay));
  }
};

struct NAdamKeras {
  static constexpr std::string_view name = "nadam_keras", title = "NAdam of Keras";
  static constexpr std::string_view dialect_of = "nadam";
  static constexpr std::array dialects{"keras"};
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-7;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = NAdam::slots;
  static constexpr auto numbers = NAdam::numbers;

  template <class R>
  Decoupled<R, NAdam::Formula<R>> at(Step t, std::span<double> values) const {
    return {static_cast<R>(weight_decay), NAdam{lr, beta1, beta2, eps, 0, 1}.at<R>(t, values)};
  }
};

struct NAdamOptax {
  static constexpr std::string_view name = "nadam_optax", title = "NAdam of Optax";
  static constexpr std::string_view dialect_of = "nadam";
  static constexpr std::array dialects{"optax"};
  using Loops = NAdam;
  Rate lr = 2e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, beta1, beta2, eps)
  static constexpr auto slots = NAdam::slots;

  template <class R>
  NAdam::Formula<R> at(Step t) const {
    return narrow<R, NAdam::Formula>(beta1, beta2, 1 - beta1, 1 - beta2, (1 - beta1) / gathered(beta1, t),
                                     beta1 / gathered(beta1, t + 1), unbiased_root(beta2, t), eps, 0);
  }
};
static_assert(Rule<NAdam> && Rule<NAdamKeras> && Rule<NAdamOptax>);

}  // namespace basin::rules
