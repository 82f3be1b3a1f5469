// OrthoGrad: keeps the part of the gradient that turns the weights, scaled to the norm of the whole gradient,
// and drops the part that only makes them longer or shorter.
//
// Paper    Prieto, Barsbey, Mediano & Birdal, Grokking at the Edge of Numerical Stability, ICLR 2025, eq. 8
//          and section 5
// Gives    o = g - (x.g / x.x) x      g = o |g| / |o|      for each tensor; g itself where x or o is zero
#pragma once
#include <algorithm>
#include <cmath>

#include "basin/core/link.hpp"

namespace basin::links {

struct OrthoGrad {
  static constexpr std::string_view name = "orthograd", title = "OrthoGrad";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::tensor;
  BASIN_NO_KNOBS

  static auto terms(const auto& x, const auto& g) { return std::array{x * g, x * x, g * g}; }
  template <class R>
  struct Formula {
    R along, scale;
    auto operator()(const auto& x, const auto& g) const { return (g - along * x) * scale; }
  };
  template <class R>
  Formula<R> at(Step, const Sums& sums) const {
    const double xg = sums.of[0], xx = sums.of[1], gg = sums.of[2];
    const double rest =
        xx == 0 ? 0 : gg - xg * xg / xx;  // |o|^2; the rounding error of a zero counts as zero
    if (rest <= gg * 1e-12) return narrow<R, Formula>(0, 1);
    return narrow<R, Formula>(xg / xx, std::sqrt(gg / rest));
  }
};
static_assert(Link<OrthoGrad>);

}  // namespace basin::links
