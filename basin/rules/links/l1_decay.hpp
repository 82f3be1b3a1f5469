// Decoupled L1: moves the weights towards zero by a constant amount, independently of the gradient.
//
// Gives    u = u + weight sign(x), and nothing where x is 0
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct L1Decay {
  static constexpr std::string_view name = "l1_decay", title = "decoupled L1";
  static constexpr Place place = Place::direction;
  Decay weight = 1e-5;
  BASIN_KNOBS(weight)

  template <class R>
  struct Formula {
    R weight;
    auto operator()(const auto& x, const auto&, const auto& u) const { return u + weight * sign(x); }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(weight);
  }
};
static_assert(Link<L1Decay>);

}  // namespace basin::links
