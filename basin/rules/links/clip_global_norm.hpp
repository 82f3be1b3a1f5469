// Clips the gradient of all tensors, taken as one vector, to a maximum Euclidean norm.
//
// Paper    Pascanu, Mikolov & Bengio, On the Difficulty of Training Recurrent Neural Networks, ICML 2013,
//          Algorithm 1
// Gives    g = g min(1, max_norm / (|g| + 1e-6)), as torch.nn.utils.clip_grad_norm_ does
// Departs  the norm is summed in double, so it is finite if all gradients are. Otherwise as in PyTorch: an
//          infinite gradient becomes NaN and all others 0; a NaN makes all of them NaN. skip_nonfinite before
//          this link skips such a step
#pragma once
#include <cmath>

#include "basin/core/link.hpp"

namespace basin::links {

struct ClipByGlobalNorm {
  static constexpr std::string_view name = "clip_global_norm", title = "clip by global norm";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::all;
  Limit max_norm = 1;
  BASIN_KNOBS(max_norm)

  static auto terms(const auto&, const auto& g) { return std::array{g * g}; }
  double factor(const Sums& sums) const { return min(max_norm / (std::sqrt(sums.of[0]) + 1e-6), 1.0); }
};
static_assert(Link<ClipByGlobalNorm>);

}  // namespace basin::links
