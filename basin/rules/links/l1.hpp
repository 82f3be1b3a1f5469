// L1 regularisation in the gradient: the subgradient of weight |x|_1.
//
// Gives    g = g + weight sign(x), and nothing where x is 0
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct L1 {
  static constexpr std::string_view name = "l1", title = "L1 in the gradient";
  static constexpr Place place = Place::gradient;
  Decay weight = 1e-5;
  BASIN_KNOBS(weight)

  template <class R>
  struct Formula {
    R weight;
    auto operator()(const auto& x, const auto& g) const { return g + weight * sign(x); }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(weight);
  }
};
static_assert(Link<L1>);

}  // namespace basin::links
