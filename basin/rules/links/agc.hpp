// Adaptive gradient clipping: limits the norm of each unit's gradient to a fraction of the norm of its
// weights.
//
// Paper    Brock, De, Smith & Simonyan, High-Performance Large-Scale Image Recognition Without Normalization,
//          ICML 2021, eq. 3, unit-wise: a unit is a row of a matrix, an output channel of a convolution, or a
//          whole vector
// Gives    g = g min(1, clipping max(|x|, eps) / |g|)
#pragma once
#include <cmath>

#include "basin/core/link.hpp"

namespace basin::links {

struct AdaptiveClip {
  static constexpr std::string_view name = "agc", title = "adaptive gradient clipping";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::row;
  Limit clipping = 0.01;
  Epsilon eps = 1e-3;
  BASIN_KNOBS(clipping, eps)

  static auto terms(const auto& x, const auto& g) { return std::array{x * x, g * g}; }
  double factor(const Sums& sums) const {
    const double largest = clipping * max(std::sqrt(sums.of[0]), eps.value);
    const double norm = std::sqrt(sums.of[1]);
    return norm <= largest ? 1 : largest / max(norm, 1e-6);
  }
};
static_assert(Link<AdaptiveClip>);

}  // namespace basin::links
