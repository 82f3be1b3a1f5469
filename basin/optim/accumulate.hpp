// Gradient accumulation: one step with the mean gradient of several batches, for batches that do not fit in
// memory.
//
//   Accumulate accumulate(optimizer, 4);
//   for (...) { loss(model, batch).backward();  accumulate.step(); }       every fourth call steps and clears
#pragma once
#include <torch/optim/optimizer.h>

namespace basin::optim {

class Accumulate {
 public:
  // Throws InputError if `batches` is less than one. `optimizer` must outlive this object.
  Accumulate(torch::optim::Optimizer& optimizer, std::int64_t batches);

  // Counts a backward pass. After the last of `batches`, divides the gradients by `batches`, steps and clears
  // them. The mean of means is the overall mean if all batches have the same size.
  //
  // Returns  true if it stepped
  bool step();
  // Steps with what has been accumulated, if anything: for the end of the data. If the step throws, the
  // gradients are sums again, up to rounding, and nothing accumulated is lost.
  //
  // Returns  true if it stepped
  bool flush();

 private:
  torch::optim::Optimizer& optimizer_;
  std::int64_t batches_, gathered_ = 0;
};

}  // namespace basin::optim
