// Huber: squared near the value, absolute far from it.
//
// Paper    Huber, Robust Estimation of a Location Parameter, 1964
// Value    mean over examples and outputs of d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2); d is
//          the difference from the value
// Targets  a value for each output
// Source   torch.nn.HuberLoss
#pragma once
#include "basin/losses/info.hpp"

namespace basin::losses {

struct Huber {
  static constexpr Info info{.name = "huber",
                             .title = "Huber",
                             .help = "squared up to a difference of delta, absolute beyond it",
                             .targets = Targets::values,
                             .option = Option::delta,
                             .metrics = {"mae", "r2"}};
};
static_assert(Described<Huber>);

}  // namespace basin::losses
