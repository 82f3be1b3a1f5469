// What a dialect makes of another rule's formula when its library takes weight decay from the weights, not into the gradient.
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
