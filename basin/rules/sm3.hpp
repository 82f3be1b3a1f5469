// SM3: Adagrad's sums, of which a matrix stores only the largest per row and per column.
//
// Paper    Anil, Gupta, Koren & Singer, Memory-Efficient Adaptive Optimization, NeurIPS 2019, Algorithm
//          SM3-II
// Step t   v = min(r, s) + g^2      r of the row, s of the column      w = g / (sqrt(v) + eps)
//          r = max(v of the row)      s = max(v of the column)
//          sm3                u = w
//          sm3_momentum       m = mu m + (1-mu) w      u = m
// Memory   1 value per row and 1 per column, with momentum 1 per weight; 12 bytes moved per weight and step
//          in float32, 8 more with momentum, 4 more for the sums
// Departs  the paper has no eps and defines 0/0 as 0. A tensor with more than two dimensions is treated as
//          the matrix of its first by all others; the paper covers each dimension. For a vector this is
//          Adagrad
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

namespace detail {

auto covered_sum(const auto& g, const auto& r, const auto& s) { return min(r, s) + g * g; }

// One step of either rule: `direct` computes u from w and the slots after r and s.
template <class M, class F>
[[gnu::always_inline]] inline void sm3_step(M& at, double eps, const F& direct) {
  using R = typename M::Number;
  at.gather_maxima([](const auto&, const auto& g, const auto& r, const auto& s, const auto&...) {
    return covered_sum(g, r, s);
  });
  at.direct([direct, e = R(eps)](const auto&, const auto& g, const auto& r, const auto& s, auto&... slot) {
    return direct(g / (sqrt(covered_sum(g, r, s)) + e), slot...);
  });
  at.template take<0>();
  at.template take<1>();
}

}  // namespace detail

struct Sm3 {
  static constexpr std::string_view name = "sm3", title = "SM3";
  Rate lr = 0.1;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, eps)
  static constexpr std::array slots{"row_max", "col_max"};
  static constexpr std::array extents{Extent::row, Extent::column};

  [[gnu::always_inline]] void step(auto& at, Step) const {
    detail::sm3_step(at, eps, [](const auto& w) { return w; });
  }
};

struct Sm3Momentum {
  static constexpr std::string_view name = "sm3_momentum", title = "SM3 with momentum";
  Rate lr = 0.1;
  Fraction momentum = 0.9;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, momentum, eps)
  static constexpr std::array slots{"row_max", "col_max", "momentum_buffer"};
  static constexpr std::array extents{Extent::row, Extent::column, Extent::weight};

  template <class M>
  [[gnu::always_inline]] void step(M& at, Step) const {
    using R = typename M::Number;
    detail::sm3_step(at, eps, [mu = R(momentum), c = R(1 - momentum)](const auto& w, auto& m) {
      m = mu * m + c * w;
      return m;
    });
  }
};
static_assert(Rule<Sm3> && Rule<Sm3Momentum>);

}  // namespace basin::rules
