// An estimate of the Hessian's diagonal, gathered in a slot: what Sophia-G reads.
#include <torch/types.h>

#include "basin/optim/optimizer.hpp"

namespace basin::optim {

bool Optimizer::wants_curvature() {
  for (std::size_t g = 0; g < param_groups_.size(); ++g)
    if (chain_of(g).rule.table().curvature) return true;
  return false;
}

void Optimizer::add_curvature(std::int64_t examples) {
  const torch::NoGradGuard no_grad;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::AnyRule rule = chain_of(g).rule;
    if (!rule.table().curvature) continue;
    const double beta = rule.get("beta2");
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      const auto found = state_.find(key_of(parameter));
      if (!parameter.grad().defined() || found == state_.end()) continue;
      const torch::Tensor& slot = *view(*found->second, rule).slots[*rule.table().curvature];
      const torch::Tensor gradient = parameter.grad().to(slot.scalar_type());
      slot.mul_(beta).addcmul_(gradient, gradient, (1 - beta) * static_cast<double>(examples));
    }
  }
}

}  // namespace basin::optim
