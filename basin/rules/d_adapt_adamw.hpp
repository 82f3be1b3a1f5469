// D-Adapted AdamW: AdamW that estimates its own rate from the distance the weights have moved. No rate to
// tune.
//
// Paper    Defazio & Mishchenko, Learning-Rate-Free Learning by D-Adaptation, ICML 2023, Algorithm 5
// Step t   d = d0 at first; of all weights      a = lr d      b3 = sqrt(b2)
//          r = b3 r + (1-b3) a <g, s / (sqrt(v) + eps)>      with v before the step
//          m = b1 m + (1-b1) a g      v = b2 v + (1-b2) g^2      s = b3 s + (1-b3) a g
//          x = x - m/(sqrt(v) + eps) - a decay x
//          d = max(d, r / ((1-b3) |s|_1))           from the next step on
// Memory   3 values per weight, and two for all; 36 bytes moved per weight and step in float32, 12 more for
//          the sums
// Departs  decay is decoupled, which is an option in the authors' code; its default is L2 in the gradient
// Use      lr is what a schedule multiplies; leave it at 1
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct DAdaptAdamW {
  static constexpr std::string_view name = "d_adapt_adamw", title = "D-Adapted AdamW";
  Rate lr = 1;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Positive d0 = 1e-6;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, d0)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "s"};
  static constexpr std::array numbers{"d", "r"};
  static constexpr Scope sums_over = Scope::all;
  static constexpr bool moves = true;

  auto terms(Step t, std::span<const double> values) const {
    const double keep = std::sqrt(beta2);
    return [keep, take = (1 - keep) * rate(t, values), least = eps.value](
               const auto&, const auto& g, const auto&, const auto& v, const auto& s) {
      return std::array{g * s / (sqrt(v) + least), abs(keep * s + take * g)};
    };
  }
  template <class R>
  struct Formula {
    R b1, take1, b2, take2, b3, take3, eps, decay;
    void operator()(auto& x, const auto& g, auto& m, auto& v, auto& s) const {
      m = b1 * m + take1 * g;
      v = b2 * v + take2 * g * g;
      s = b3 * s + take3 * g;
      x -= m / (sqrt(v) + eps) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values, const Sums& sums) const {
    const double a = rate(t, values), b3 = std::sqrt(beta2);
    double &d = values[0], &r = values[1];
    if (t == 1) d = d0, r = 0;
    r = b3 * r + (1 - b3) * a * sums.of[0];
    if (sums.of[1] > 0) d = std::max(d, r / ((1 - b3) * sums.of[1]));
    return narrow<R, Formula>(beta1, (1 - beta1) * a, beta2, 1 - beta2, b3, (1 - b3) * a, eps,
                              a * weight_decay);
  }

 private:
  double rate(Step t, std::span<const double> values) const { return lr * (t == 1 ? d0.value : values[0]); }
};
static_assert(Rule<DAdaptAdamW>);

}  // namespace basin::rules
