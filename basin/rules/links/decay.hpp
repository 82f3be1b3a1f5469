// Decoupled weight decay: shrinks the weights independently of the gradient and the rule.
//
// Paper    Loshchilov & Hutter, Decoupled Weight Decay Regularization, ICLR 2019
// Gives    u = u + weight x, so that x shrinks by lr weight x
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct WeightDecay {
  static constexpr std::string_view name = "decay", title = "decoupled weight decay";
  static constexpr Place place = Place::direction;
  Decay weight = 1e-2;
  BASIN_KNOBS(weight)

  template <class R>
  struct Formula {
    R weight;
    auto operator()(const auto& x, const auto&, const auto& u) const { return u + weight * x; }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(weight);
  }
};
static_assert(Link<WeightDecay>);

}  // namespace basin::links
