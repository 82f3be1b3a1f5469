// Sums over the weights of all groups: what clipping by the global norm is of, as clip_grad_norm_ is in
// PyTorch.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "basin/optim/step_layout.hpp"

namespace basin::optim {

using ChainOf = std::function<const kernels::Chain&(std::size_t group)>;

// Puts into `totals` what the links that the chains of all parts begin with sum over all of them, and lets
// `how` refer to it. Leaves it empty for one part, whose own step sums over all there is.
void sum_over_groups(StepLayout& layout, std::size_t groups, const ChainOf& chain_of,
                     std::vector<std::optional<kernels::Total>>& totals, kernels::Execution& how);

}  // namespace basin::optim
