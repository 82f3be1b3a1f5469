// Gradient accumulation: one step for the mean gradient of several batches, for batches larger than memory.
//
//   Accumulate accumulate(optimizer, 4);
//   for (...) { loss(model, batch).backward();  accumulate.step(); }       every fourth call steps and clears
#pragma once
#include <torch/optim/optimizer.h>

namespace basin::optim {

class Accumulate {
 public:
  // Uses `optimizer` as long as this object lives. Throws InputError for less than one batch.
  Accumulate(torch::optim::Optimizer& optimizer, std::int64_t batches);

  // Counts a backward pass. After the last of `batches`, divides the gradients by their number, steps, clears them, and
  // answers true. Batches of one size: the mean of means is then the mean.
  bool step();
  // Steps with what has been gathered, if anything has: at the end of the data. Answers whether it stepped. When the step
  // throws, the gradients are sums again, up to rounding, and nothing that was gathered is forgotten.
  bool flush();

 private:
  torch::optim::Optimizer& optimizer_;
  std::int64_t batches_, gathered_ = 0;
};

}  // namespace basin::optim
