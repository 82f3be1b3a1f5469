// AdaBound: Adam whose rate for each weight is kept between two bounds that converge to one rate, so that it
// ends as SGD.
//
// Paper    Luo, Xiong, Liu & Sun, Adaptive Gradient Methods with Dynamic Bound of Learning Rate, ICLR 2019,
//          Algorithms 2 and 3
// Step t   m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2      d = g + decay x
//          amsbound: h = max(h, v) for v below
//          rate = sqrt(1-b2^t)/(1-b1^t) / (sqrt(v) + eps)
//          u = min(max(rate, final (1 - 1/(gamma t + 1))), final (1 + 1/(gamma t))) m
// Memory   2 values per weight, amsbound 3; 28 bytes moved per weight and step in float32
// Departs  the final rate is given in multiples of lr (the paper's 0.1 and 0.001 make 100), and a schedule
//          acts on both, as in the authors' code
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

// The scalars that both rules share.
template <class R>
struct Bounds {
  R b1, b2, c1, c2, rate, eps, low, high, decay;
};

struct AdaBound {
  static constexpr std::string_view name = "adabound", title = "AdaBound";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Limit final_ratio = 100, gamma = 1e-3;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, final_ratio, gamma, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula : Bounds<R> {
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      const auto d = g + this->decay * x;
      m = this->b1 * m + this->c1 * d;
      v = this->b2 * v + this->c2 * d * d;
      return min(max(this->rate / (sqrt(v) + this->eps), this->low), this->high) * m;
    }
  };
  template <class R>
  Bounds<R> bounds(Step t) const {
    const double steps = gamma * static_cast<double>(t);
    return narrow<R, Bounds>(
        beta1, beta2, 1 - beta1, 1 - beta2, std::sqrt(gathered(beta2, t)) / gathered(beta1, t), eps,
        final_ratio * (1 - 1 / (steps + 1)), final_ratio * (1 + 1 / steps), weight_decay);
  }
  template <class R>
  Formula<R> at(Step t) const {
    return {bounds<R>(t)};
  }
};

struct AmsBound {
  static constexpr std::string_view name = "amsbound", title = "AMSBound";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Limit final_ratio = 100, gamma = 1e-3;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, final_ratio, gamma, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};

  template <class R>
  struct Formula : Bounds<R> {
    auto operator()(const auto& x, const auto& g, auto& m, auto& v, auto& h) const {
      const auto d = g + this->decay * x;
      m = this->b1 * m + this->c1 * d;
      v = this->b2 * v + this->c2 * d * d;
      h = max(h, v);
      return min(max(this->rate / (sqrt(h) + this->eps), this->low), this->high) * m;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return {AdaBound{lr, beta1, beta2, eps, final_ratio, gamma, weight_decay}.bounds<R>(t)};
  }
};
static_assert(Rule<AdaBound> && Rule<AmsBound>);

}  // namespace basin::rules
