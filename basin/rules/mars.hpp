// MARS: AdamW on gradients whose variance is reduced with the previous gradient.
//
// Paper    Yuan, Liu, Wu, Zhou & Gu, MARS: Unleashing the Power of Variance Reduction for Training Large
//          Models, ICML 2025, Algorithm 2 with the gradient of the last step instead of that of the last
//          weights ("MARS-approx")
// Step t   c = g + gamma b1/(1-b1) (g - p)      p = g
//          d = c / max(1, |c|)                  for each tensor
//          m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2
//          u = m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps) + decay x
// Memory   3 values per weight; 36 bytes moved per weight and step in float32, 8 more for the sum
// Departs  p starts at zero, as in the authors' code. That code updates only tensors of two dimensions this
//          way and all others, also convolutions, by AdamW with its own rate, betas and decay; here all are
//          treated alike
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Mars {
  static constexpr std::string_view name = "mars", title = "MARS-AdamW";
  Rate lr = 3e-3;
  Beta beta1 = 0.95, beta2 = 0.99;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Amount gamma = 0.025;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, gamma)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "last_grad"};
  static constexpr Scope sums_over = Scope::tensor;

  auto terms(Step, std::span<const double>) const {
    return [ahead = ahead()](const auto&, const auto& g, const auto&, const auto&, const auto& p) {
      const auto c = g + ahead * (g - p);
      return std::array{c * c};
    };
  }
  template <class R>
  struct Formula {
    R ahead, scale, b1, b2, c1, c2, unbias1, unbias2, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v, auto& p) const {
      const auto d = scale * (g + ahead * (g - p));
      p = g;
      m = b1 * m + c1 * d;
      v = b2 * v + c2 * d * d;
      return m * unbias1 / (sqrt(v) * unbias2 + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double>, const Sums& sums) const {
    return narrow<R, Formula>(ahead(), 1 / max(1.0, std::sqrt(sums.of[0])), beta1, beta2, 1 - beta1,
                              1 - beta2, 1 / gathered(beta1, t), unbiased_root(beta2, t), eps, weight_decay);
  }

 private:
  double ahead() const { return gamma * beta1 / (1 - beta1); }
};
static_assert(Rule<Mars>);

}  // namespace basin::rules
