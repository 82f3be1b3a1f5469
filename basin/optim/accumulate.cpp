#include "basin/optim/accumulate.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include "basin/core/error.hpp"

namespace basin::optim {
namespace {

template <class Change>
void each_gradient(torch::optim::Optimizer& optimizer, const Change& change) {
  const torch::NoGradGuard no_gradients;
  for (auto& group : optimizer.param_groups())
    for (const torch::Tensor& p : group.params())
      if (p.grad().defined()) change(p.mutable_grad());
}

}  // namespace

Accumulate::Accumulate(torch::optim::Optimizer& optimizer, std::int64_t batches)
    : optimizer_(optimizer), batches_(batches) {
  if (batches < 1)
    throw InputError("accumulate: " + std::to_string(batches) + " batches; it must be 1 or more");
}

bool Accumulate::step() { return ++gathered_ >= batches_ && flush(); }

bool Accumulate::flush() {
  if (gathered_ == 0) return false;
  const std::int64_t batches = gathered_;
  each_gradient(optimizer_, [&](torch::Tensor& gradient) { gradient.div_(batches); });
  try {
    optimizer_.step();
  } catch (...) {
    each_gradient(optimizer_, [&](torch::Tensor& gradient) { gradient.mul_(batches); });
    throw;
  }
  gathered_ = 0;
  optimizer_.zero_grad();
  return true;
}

}  // namespace basin::optim
