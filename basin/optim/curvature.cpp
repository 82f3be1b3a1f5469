// Updates the estimate of the Hessian's diagonal in the slot that Sophia-G reads.
#include <torch/types.h>

#include <functional>

#include "basin/optim/optimizer.hpp"
#include "basin/optim/step_checks.hpp"

namespace basin::optim {

bool Optimizer::wants_curvature() {
  for (std::size_t g = 0; g < param_groups_.size(); ++g)
    if (chain_of(g).rule.table().curvature) return true;
  return false;
}

void Optimizer::add_curvature(std::int64_t examples) {
  const torch::NoGradGuard no_grad;
  std::vector<std::function<void()>> updates;  // all are checked before the first runs
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::Chain& chain = chain_of(g);
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      OptimizerParamState* const state = find_state(parameter);
      const std::size_t number = index++;
      if (!chain.rule.table().curvature || !state || !parameter.grad().defined()) continue;
      check_parameter(number, parameter, parameter.grad(), chain);
      const std::size_t place = *chain.rule.table().curvature;
      torch::Tensor* const slot = view(*state, chain.rule).slots[place];
      if (!slot->defined()) continue;
      const SlotKind kind = slot_kind(chain.rule, place);
      if (!fits(*slot, parameter, kind))
        refuse_parameter(number, chain.rule.info().name,
                         " has a curvature " + misfit(*slot, parameter, kind));
      const double beta = chain.rule.get("beta2");
      updates.emplace_back([=, gradient = parameter.grad()] {
        const torch::Tensor h = gradient.to(slot->scalar_type());
        slot->mul_(beta).addcmul_(h, h, (1 - beta) * static_cast<double>(examples));
      });
    }
  }
  for (const auto& update : updates) update();
}

}  // namespace basin::optim
