// Follow: moves weights towards the gradient, taken as a position: a mean of other weights.
//
// Step     u = x - g, so that x = x + lr (g - x)
// Memory   nothing; 12 bytes moved per weight and step in float32
// Use      not an optimizer: WeightAverage and Lookahead pass weights as gradients, and a shadow to the
//          driver (Leaf::shadow)
#pragma once
#include "basin/core/rule.hpp"

namespace basin::kernels {

struct Follow {
  static constexpr std::string_view name = "follow", title = "Follow";
  Rate lr = 1;
  BASIN_KNOBS(lr)
  static constexpr auto slots = no_slots;

  template <class R>
  struct Formula {
    auto operator()(const auto& x, const auto& g) const { return x - g; }
  };
  template <class R>
  Formula<R> at(Step) const {
    return {};
  }
};
static_assert(Rule<Follow>);

}  // namespace basin::kernels
