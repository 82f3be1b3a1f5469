// L2 regularisation in the gradient: that of weight/2 |x|^2.
//
// Gives    g = g + weight x
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct L2 {
  static constexpr std::string_view name = "l2", title = "L2 in the gradient";
  static constexpr Place place = Place::gradient;
  Decay weight = 1e-4;
  BASIN_KNOBS(weight)

  template <class R>
  struct Formula {
    R weight;
    auto operator()(const auto& x, const auto& g) const { return g + weight * x; }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(weight);
  }
};
static_assert(Link<L2>);

}  // namespace basin::links
