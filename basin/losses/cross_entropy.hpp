// Cross-entropy: how surprised the network is by the right class.
//
// Value    mean of -log p, where p is the softmax of the logits at the right class; with class weights w, the
//          weighted mean: sum of w[class] (-log p) over the sum of w[class]
// Targets  a class in [0, outputs)
// Source   torch.nn.CrossEntropyLoss
#pragma once
#include "basin/losses/info.hpp"

namespace basin::losses {

struct CrossEntropy {
  static constexpr Info info{.name = "cross_entropy",
                             .title = "Cross-entropy",
                             .help = "-log(probability of the right class), by the softmax of the outputs",
                             .option = Option::class_weights,
                             .metrics = {"accuracy", "log_loss"}};
};
static_assert(Described<CrossEntropy>);

}  // namespace basin::losses
