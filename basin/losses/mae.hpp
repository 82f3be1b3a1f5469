// Mean absolute error: outliers pull no harder than anything else.
//
// Value    mean over examples and outputs of |output - value|
// Targets  a value for each output
// Source   torch.nn.L1Loss
#pragma once
#include "basin/losses/info.hpp"

namespace basin::losses {

struct Mae {
  static constexpr Info info{.name = "mae",
                             .title = "Mean absolute error",
                             .help = "absolute difference from the value",
                             .targets = Targets::values,
                             .metrics = {"mae", "r2"}};
};
static_assert(Described<Mae>);

}  // namespace basin::losses
