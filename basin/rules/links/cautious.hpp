// The cautious mask: moves a weight only where the direction agrees with the gradient.
//
// Paper    Liang, Chen, Liu & Liu, Cautious Optimizers: Improving Training with One Line of Code, 2024,
//          Algorithm 1
// Gives    u = u m / max(mean(m), 1e-3) for each tensor, m = 1 where u g > 0 and 0 elsewhere
#pragma once
#include <algorithm>

#include "basin/core/link.hpp"

namespace basin::links {

struct Cautious {
  static constexpr std::string_view name = "cautious", title = "cautious mask";
  static constexpr Place place = Place::direction;
  static constexpr Scope scope = Scope::tensor;
  BASIN_NO_KNOBS

  static auto terms(const auto&, const auto& g, const auto& u) {
    return std::array{select(u * g > 0, 1.0, 0.0)};
  }
  template <class R>
  struct Formula {
    R scale;
    auto operator()(const auto&, const auto& g, const auto& u) const {
      return select(u * g > 0, u * scale, 0 * u);
    }
  };
  template <class R>
  Formula<R> at(Step, const Sums& sums) const {
    return narrow<R, Formula>(1 / std::max(sums.of[0] / sums.count, 1e-3));
  }
};
static_assert(Link<Cautious>);

}  // namespace basin::links
