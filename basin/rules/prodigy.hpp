// Prodigy: AdamW that estimates its own rate from the distance the weights have moved. No rate to tune.
//
// Paper    Mishchenko & Defazio, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, ICML 2024,
//          Algorithm 4
// Step t   d = d0 at first; of all weights        b3 = sqrt(b2)
//          m = b1 m + (1-b1) d g      v = b2 v + (1-b2) d^2 g^2
//          r = b3 r + lr d^2/d0 <g, x0 - x>      s = b3 s + lr d^2/d0 g
//          u = d (m / (sqrt(v) + d eps) + decay x)
//          d = max(d, d_coef r / |s|_1)           from the next step on
// Memory   4 values per weight, and two for all; 44 bytes moved per weight and step in float32, 16 more for
//          the sums
// Departs  r and s are those of the authors' code: divided by d0 instead of multiplied by 1 - b3, which does
//          not change r / |s|
// Use      lr is what a schedule multiplies; leave it at 1
// Dialects authors: eps is scaled by the d of the next step, which is larger, u = d (m / (sqrt(v) + d' eps) +
//            decay x)
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct Prodigy {
  static constexpr std::string_view name = "prodigy", title = "Prodigy";
  Rate lr = 1;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Positive d0 = 1e-6, d_coef = 1;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, d0, d_coef)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "s", "initial"};
  static constexpr bool starts_as_weight(std::size_t slot) { return slot == 3; }
  static constexpr std::array numbers{"d", "r"};
  static constexpr Scope sums_over = Scope::all;

  auto terms(Step t, std::span<const double> values) const {
    return [keep = std::sqrt(beta2.value), take = weight(distance(t, values))](
               const auto& x, const auto& g, const auto&, const auto&, const auto& s, const auto& from) {
      return std::array{g * (from - x), abs(keep * s + take * g)};
    };
  }
  template <class R>
  struct Formula {
    R b1, take1, b2, take2, b3, take3, eps, d, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v, auto& s, auto&) const {
      m = b1 * m + take1 * g;
      v = b2 * v + take2 * g * g;
      s = b3 * s + take3 * g;
      return d * (m / (sqrt(v) + eps) + decay * x);
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values, const Sums& sums) const {
    const double d = distance(t, values), b3 = std::sqrt(beta2);
    double &next = values[0], &r = values[1];
    r = (t == 1 ? 0 : b3 * r) + weight(d) * sums.of[0];
    next = sums.of[1] > 0 ? std::max(d, d_coef * r / sums.of[1]) : d;
    return narrow<R, Formula>(beta1, (1 - beta1) * d, beta2, (1 - beta2) * d * d, b3, weight(d), d * eps, d,
                              weight_decay);
  }

 private:
  double distance(Step t, std::span<const double> values) const { return t == 1 ? d0.value : values[0]; }
  double weight(double d) const { return lr * d * d / d0; }
};

struct ProdigyAuthors {
  static constexpr std::string_view name = "prodigy_authors", title = "Prodigy of its authors";
  static constexpr std::string_view dialect_of = "prodigy";
  static constexpr std::array dialects{"authors"};
  using Loops = Prodigy;
  Rate lr = 1;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Positive d0 = 1e-6, d_coef = 1;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, d0, d_coef)
  static constexpr auto slots = Prodigy::slots;
  static constexpr bool starts_as_weight(std::size_t slot) { return Prodigy::starts_as_weight(slot); }
  static constexpr auto numbers = Prodigy::numbers;
  static constexpr Scope sums_over = Prodigy::sums_over;

  auto terms(Step t, std::span<const double> values) const { return paper().terms(t, values); }
  template <class R>
  Prodigy::Formula<R> at(Step t, std::span<double> values, const Sums& sums) const {
    auto formula = paper().at<R>(t, values, sums);
    formula.eps = static_cast<R>(values[0] * eps);  // the next d
    return formula;
  }

 private:
  Prodigy paper() const { return {lr, beta1, beta2, eps, weight_decay, d0, d_coef}; }
};
static_assert(Rule<Prodigy> && Rule<ProdigyAuthors>);

}  // namespace basin::rules
