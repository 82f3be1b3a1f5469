// AdaGraft: the direction of one rule, with the length per tensor that another rule's step would have.
//
// Paper    Agarwal, Anil, Hazan, Koren & Zhang, Disentangling Adaptive Gradient Methods from Learning Rates,
//          2020, Algorithm 1
// Step t   u = |u_M| / |u_D| u_D
//          u_M and u_D are the steps of the two rules for the same gradients, each with its own slots
// Memory   3 values per weight; 36 bytes moved per weight and step in float32, 16 more for the sums
//
// Any two rules without sums or numbers can be grafted: see AdamGraftMomentum, "Adam#SGD" in the paper.
#pragma once
#include <tuple>
#include <utility>

#include "basin/rules/adam.hpp"
#include "basin/rules/momentum.hpp"

namespace basin::rules {

namespace detail {

// The formulas of two rules side by side, M's slots first.
template <class M, class D, std::size_t first>
struct Both {
  M length;
  D direction;
  auto operator()(const auto& x, const auto& g, auto&... slot) const {
    const auto slots = std::tie(slot...);
    return [&]<std::size_t... I, std::size_t... J>(std::index_sequence<I...>, std::index_sequence<J...>) {
      const auto m = length(x, g, std::get<I>(slots)...);
      const auto d = direction(x, g, std::get<first + J>(slots)...);
      return std::pair(m, d);
    }(std::make_index_sequence<first>(), std::make_index_sequence<sizeof...(slot) - first>());
  }
};

template <class R, class M, class D>
auto both(const M& length, const D& direction, Step t) {
  const auto m = length.template at<R>(t);
  const auto d = direction.template at<R>(t);
  return Both<std::remove_const_t<decltype(m)>, std::remove_const_t<decltype(d)>, M::slots.size()>{m, d};
}

template <class F, class R>
struct Graft {
  F both;
  R ratio;
  auto operator()(const auto& x, const auto& g, auto&... slot) const {
    return ratio * both(x, g, slot...).second;
  }
};

}  // namespace detail

struct AdamGraftMomentum {
  static constexpr std::string_view name = "adam_graft_momentum",
                                    title = "Momentum with the step length of Adam";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Fraction momentum = 0.9;
  BASIN_KNOBS(lr, beta1, beta2, eps, momentum)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq", "momentum_buffer"};
  static constexpr Scope sums_over = Scope::tensor;

 private:
  template <class R>
  auto both(Step t) const {
    return detail::both<R>(Adam{.lr = lr, .beta1 = beta1, .beta2 = beta2, .eps = eps},
                           Momentum{.lr = lr, .momentum = momentum}, t);
  }

 public:
  // Takes slots by value: computes what the step would make of them, and changes nothing.
  auto terms(Step t, std::span<const double>) const {
    return [both = both<double>(t)](const auto& x, const auto& g, auto... slot) {
      const auto [m, d] = both(x, g, slot...);
      return std::array{m * m, d * d};
    };
  }
  template <class R>
  auto at(Step t, std::span<double>, const Sums& sums) const {
    const double ratio = sums.of[1] == 0 ? 0 : std::sqrt(sums.of[0] / sums.of[1]);
    return detail::Graft<decltype(both<R>(t)), R>{both<R>(t), static_cast<R>(ratio)};
  }
};
static_assert(Rule<AdamGraftMomentum>);

}  // namespace basin::rules
