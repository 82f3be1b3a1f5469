// Scales the gradient of all tensors, taken as one vector, to norm one.
//
// Source   NVIDIA, A Guide to Optimizer Implementation for BERT at Scale, 2019: NVLAMB
// Gives    g = g / |g|, and g where the norm is zero
#pragma once
#include <cmath>

#include "basin/core/link.hpp"

namespace basin::links {

struct UnitNorm {
  static constexpr std::string_view name = "unit_norm", title = "unit global norm";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::all;
  BASIN_NO_KNOBS

  static auto terms(const auto&, const auto& g) { return std::array{g * g}; }
  double factor(const Sums& sums) const { return sums.of[0] == 0 ? 1 : 1 / std::sqrt(sums.of[0]); }
};
static_assert(Link<UnitNorm>);

}  // namespace basin::links
