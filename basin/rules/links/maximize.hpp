// Ascends instead of descending: changes the sign of the gradient.
//
// Source   the maximize flag of torch.optim
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct Maximize {
  static constexpr std::string_view name = "maximize", title = "maximize";
  static constexpr Place place = Place::gradient;
  BASIN_NO_KNOBS

  template <class R>
  struct Formula {
    R sign;
    auto operator()(const auto&, const auto& g) const { return sign * g; }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(-1.0);
  }
};
static_assert(Link<Maximize>);

}  // namespace basin::links
