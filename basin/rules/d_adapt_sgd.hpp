// D-Adapted SGD: dual averaging that estimates its own rate from the distance the weights have moved. No rate
// to tune.
//
// Paper    Defazio & Mishchenko, Learning-Rate-Free Learning by D-Adaptation, ICML 2023, Algorithm 4
// Step t   d = d0 at first; of all weights        step = lr d / |g_1|
//          r = r + step <g, s>      s = s + step g
//          x = momentum x + (1-momentum) (x0 - s)
//          d = max(d, 2 r / |s|)           from the next step on
// Memory   2 values per weight, and three for all; 28 bytes moved per weight and step in float32, 8 more for
//          the sums
// Use      lr is what a schedule multiplies; leave it at 1
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct DAdaptSgd {
  static constexpr std::string_view name = "d_adapt_sgd", title = "D-Adapted SGD";
  Rate lr = 1;
  Beta momentum = 0.9;
  Positive d0 = 1e-6;
  BASIN_KNOBS(lr, momentum, d0)
  static constexpr std::array slots{"s", "initial"};
  static constexpr bool starts_as_weight(std::size_t slot) { return slot == 1; }
  static constexpr std::array numbers{"d", "r", "first_norm"};
  static constexpr Scope sums_over = Scope::all;
  static constexpr bool moves = true;

  auto terms(Step, std::span<const double>) const {
    return [](const auto&, const auto& g, const auto& s, const auto&) {
      return std::array{g * g, g * s, s * s};
    };
  }
  template <class R>
  struct Formula {
    R step, keep, take;
    void operator()(auto& x, const auto& g, auto& s, auto& from) const {
      s += step * g;
      x = keep * x + take * (from - s);
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values, const Sums& sums) const {
    double &d = values[0], &r = values[1], &first_norm = values[2];
    if (t == 1) d = d0, r = 0, first_norm = 0;
    if (first_norm == 0) first_norm = std::sqrt(sums.of[0]);
    const double step = first_norm == 0 ? 0 : lr * d / first_norm;
    r += step * sums.of[1];
    const double length = std::sqrt(sums.of[2] + 2 * step * sums.of[1] + step * step * sums.of[0]);
    if (length > 0) d = std::max(d, 2 * r / length);
    return narrow<R, Formula>(step, momentum, 1 - momentum);
  }
};
static_assert(Rule<DAdaptSgd>);

}  // namespace basin::rules
