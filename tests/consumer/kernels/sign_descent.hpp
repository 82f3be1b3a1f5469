// Sign descent: moves every weight by the learning rate, against the sign of its gradient.
#pragma once
#include "basin/core/rule.hpp"

namespace consumer {

struct SignDescent {
  static constexpr std::string_view name = "sign-descent", title = "Sign descent";
  basin::Rate lr = 1e-2;
  BASIN_KNOBS(lr)
  static constexpr auto slots = basin::no_slots;

  template <class R>
  struct Formula {
    auto operator()(const auto&, const auto& g) const { return R(g > 0) - R(g < 0); }
  };
  template <class R>
  Formula<R> at(basin::Step) const {
    return {};
  }
};
static_assert(basin::Rule<SignDescent>);

}  // namespace consumer
