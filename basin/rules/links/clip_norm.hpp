// Clips the gradient of each tensor to a maximum Euclidean norm.
//
// Source   Pascanu, Mikolov & Bengio, On the Difficulty of Training Recurrent Neural Networks, ICML 2013, for
//          one tensor
// Gives    g = g min(1, max_norm / (|g| + 1e-6)), as torch.nn.utils.clip_grad_norm_ does
// Departs  as clip_global_norm does; a NaN makes its tensor NaN
#pragma once
#include <cmath>

#include "basin/core/link.hpp"

namespace basin::links {

struct ClipByNorm {
  static constexpr std::string_view name = "clip_norm", title = "clip by norm";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::tensor;
  Limit max_norm = 1;
  BASIN_KNOBS(max_norm)

  static auto terms(const auto&, const auto& g) { return std::array{g * g}; }
  double factor(const Sums& sums) const { return min(max_norm / (std::sqrt(sums.of[0]) + 1e-6), 1.0); }
};
static_assert(Link<ClipByNorm>);

}  // namespace basin::links
