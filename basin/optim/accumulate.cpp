#include "basin/optim/accumulate.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include "basin/core/error.hpp"

namespace basin::optim {

Accumulate::Accumulate(torch::optim::Optimizer& optimizer, std::int64_t batches)
    : optimizer_(optimizer), batches_(batches) {
  if (batches < 1)
    throw InputError("accumulate: " + std::to_string(batches) + " batches; it must be 1 or more");
}

bool Accumulate::step() { return ++gathered_ == batches_ && flush(); }

bool Accumulate::flush() {
  if (gathered_ == 0) return false;
  const torch::NoGradGuard no_gradients;
  for (auto& group : optimizer_.param_groups())
    for (const torch::Tensor& p : group.params())
      if (p.grad().defined()) p.mutable_grad().div_(gathered_);
  gathered_ = 0;
  optimizer_.step();
  optimizer_.zero_grad();
  return true;
}

}  // namespace basin::optim
