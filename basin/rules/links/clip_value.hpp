// Clips every element of the gradient to [-limit, limit].
//
// Source   torch.nn.utils.clip_grad_value_
// Gives    g = min(max(g, -limit), limit); a NaN stays a NaN
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct ClipByValue {
  static constexpr std::string_view name = "clip_value", title = "clip by value";
  static constexpr Place place = Place::gradient;
  Limit limit = 1;
  BASIN_KNOBS(limit)

  template <class R>
  struct Formula {
    R limit;
    auto operator()(const auto&, const auto& g) const { return min(max(g, -limit), limit); }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(limit);
  }
};
static_assert(Link<ClipByValue>);

}  // namespace basin::links
