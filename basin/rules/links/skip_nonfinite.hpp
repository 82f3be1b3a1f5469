// Leaves a step out when any gradient of the group is not finite. The optimizer counts the steps left out.
//
// Source   torch.cuda.amp.GradScaler, optax.apply_if_finite
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct SkipNonFinite {
  static constexpr std::string_view name = "skip_nonfinite", title = "skip on non-finite";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::all;
  BASIN_NO_KNOBS

  static std::array<double, 1> terms(double, double g) { return {select(g - g == 0, 0.0, 1.0)}; }
  bool skip(const Sums& sums) const { return sums.of[0] > 0; }
};
static_assert(Link<SkipNonFinite>);

}  // namespace basin::links
