// Binary cross-entropy: every output is the logit of a yes.
//
// Value    mean over the outputs z of -y log s(z) - (1 - y) log(1 - s(z)), where s is the sigmoid; with class
//          weights w, the weighted mean: the sum of w[y] times that over the sum of w[y]
// Targets  class 0 or 1 for each output, or a value in [0, 1] for each, which takes no class weights
// Source   torch.nn.BCEWithLogitsLoss
// Departs  its pos_weight is another weighting, which does not divide by the sum of the weights
#pragma once
#include "basin/losses/info.hpp"

namespace basin::losses {

struct BinaryCrossEntropy {
  static constexpr Info info{.name = "binary_cross_entropy",
                             .title = "Binary cross-entropy",
                             .help = "-log(probability of the truth), by the sigmoid of each output",
                             .takes_both = true,
                             .option = Option::class_weights,
                             .metrics = {"accuracy", "auc"}};
};
static_assert(Described<BinaryCrossEntropy>);

}  // namespace basin::losses
