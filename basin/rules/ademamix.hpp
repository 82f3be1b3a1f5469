// AdEMAMix: Adam with a second, much slower mean of the gradients beside the first.
//
// Paper    Pagliardini, Ablin & Grangier, The AdEMAMix Optimizer: Better, Faster, Older, ICLR 2025, Algorithm
//          1
// Step t   m = b1 m + (1-b1) g      s = b3(t) s + (1-b3(t)) g      v = b2 v + (1-b2) g^2
//          u = (m/(1-b1^t) + alpha(t) s) / (sqrt(v/(1-b2^t)) + eps) + decay x
//          alpha(t) = alpha min(1, t/T)
//          b3(t) = exp(ln b1 ln b3 / ((1-t/T) ln b3 + t/T ln b1)) up to T, then b3
// Memory   3 values per weight; 36 bytes moved per weight and step in float32
// Departs  nothing; warmup_steps is T, and 0 means no warmup
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct AdEmaMix {
  static constexpr std::string_view name = "ademamix", title = "AdEMAMix";
  Rate lr = 1e-3;
  InnerBeta beta1 = 0.9;
  Beta beta2 = 0.999;
  InnerBeta beta3 = 0.9999;
  Amount alpha = 5;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Steps warmup_steps = 0;
  BASIN_KNOBS(lr, beta1, beta2, beta3, alpha, eps, weight_decay, warmup_steps)
  static constexpr std::array slots{"exp_avg", "exp_avg_slow", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, b3, c1, c2, c3, mix, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& s, auto& v) const {
      m = b1 * m + c1 * g;
      s = b3 * s + c3 * g;
      v = b2 * v + c2 * g * g;
      return (m * unbias1 + mix * s) / (sqrt(v) * unbias2 + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    const double share = warmup_steps > 0 ? std::min(1.0, static_cast<double>(t) / warmup_steps) : 1;
    const double l1 = std::log(beta1), l3 = std::log(beta3);
    const double slow = std::exp(l1 * l3 / ((1 - share) * l3 + share * l1));
    return narrow<R, Formula>(beta1, beta2, slow, 1 - beta1, 1 - beta2, 1 - slow, alpha * share,
                              1 / gathered(beta1, t), unbiased_root(beta2, t), eps, weight_decay);
  }
};
static_assert(Rule<AdEmaMix>);

}  // namespace basin::rules
