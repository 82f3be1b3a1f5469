// Skips a step when any gradient of the group is not finite. The optimizer counts the skipped steps.
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

  static auto terms(const auto&, const auto& g) { return std::array{select(g - g == 0, 0.0, 1.0)}; }
  bool skip(const Sums& sums) const { return sums.of[0] > 0; }
};
static_assert(Link<SkipNonFinite>);

}  // namespace basin::links
