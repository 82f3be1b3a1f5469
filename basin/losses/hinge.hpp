// Hinge: the loss of support vector machines, which is 0 once the right class leads by a margin of 1.
//
// Paper    Cortes & Vapnik 1995; Crammer & Singer 2001 for several classes, here summed over them
// Value    one output z: mean of max(0, 1 - y z), where y = -1 for class 0 and 1 for class 1; several: mean
//          of the sum over the wrong classes k of max(0, 1 - z[class] + z[k]), divided by the number of
//          classes
// Targets  a class in [0, max(outputs, 2))
// Source   torch.nn.MultiMarginLoss
#pragma once
#include "basin/losses/info.hpp"

namespace basin::losses {

struct Hinge {
  static constexpr Info info{.name = "hinge",
                             .title = "Hinge",
                             .help = "what the right class lacks to lead by a margin of 1",
                             .metrics = {"accuracy", "f1"}};
};
static_assert(Described<Hinge>);

}  // namespace basin::losses
