// Mean squared error.
//
// Value    mean over examples and outputs of (output - value)^2
// Targets  a value for each output; or a class, which becomes 1 for the class and 0 for the others
// Source   torch.nn.MSELoss
#pragma once
#include "basin/losses/info.hpp"

namespace basin::losses {

struct Mse {
  static constexpr Info info{.name = "mse",
                             .title = "Mean squared error",
                             .help = "square of the difference from the value",
                             .targets = Targets::values,
                             .takes_both = true,
                             .metrics = {"rmse", "r2"}};
};
static_assert(Described<Mse>);

}  // namespace basin::losses
