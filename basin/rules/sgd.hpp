// SGD: a step against the gradient.
//
// Paper    Robbins & Monro, A Stochastic Approximation Method, Annals of Mathematical Statistics 22, 1951
// Step t   u = g + decay x
// Memory   nothing; 12 bytes moved per weight and step in float32
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Sgd {
  static constexpr std::string_view name = "sgd", title = "SGD";
  Rate lr = 1e-2;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, weight_decay)
  static constexpr auto slots = no_slots;
  static constexpr bool sparse = true;

  template <class R>
  struct Formula {
    R decay;
    auto operator()(const auto& x, const auto& g) const { return g + decay * x; }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(weight_decay);
  }
};
static_assert(Rule<Sgd>);

}  // namespace basin::rules
