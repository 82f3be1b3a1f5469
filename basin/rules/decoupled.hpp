// The formula of another rule with decay applied to the weights instead of added to the gradient, for
// dialects.
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

template <class R, class F>
struct Decoupled {
  R decay;
  F direction;
  auto operator()(const auto& x, const auto& g, auto&... slot) const {
    return direction(x, g, slot...) + decay * x;
  }
};

}  // namespace basin::rules
