// Sums over the weights of all groups: what clipping by the global norm is of, as clip_grad_norm_ is in PyTorch.
#include "basin/optim/optimizer.hpp"

namespace basin::optim {

template <class Visit>
void Optimizer::each_part(const Visit& visit) {
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    if (const auto leaves = floats_.of_group(g); !leaves.empty()) visit(g, floats_, leaves);
    if (const auto leaves = doubles_.of_group(g); !leaves.empty()) visit(g, doubles_, leaves);
    if (const auto leaves = elsewhere_.of_group(g); !leaves.empty()) visit(g, elsewhere_, leaves);
  }
}

// The link that stands at place i before the rule in the chains of all parts, whatever its settings; or null.
const kernels::LinkTable* Optimizer::common_link(std::size_t i) {
  const kernels::LinkTable* common = nullptr;
  bool same = true;
  each_part([&](std::size_t g, auto&, auto) {
    const auto& before = chain_of(g).before;
    const kernels::LinkTable* const here = i < before.size() ? &before[i].table() : nullptr;
    same = same && here && (!common || common == here);
    common = here;
  });
  return same ? common : nullptr;
}

// Nothing to do for one part: its own step sums over all there is.
void Optimizer::sum_over_groups(kernels::Execution& how) {
  totals_.clear();
  std::size_t parts = 0;
  each_part([&](std::size_t, auto&, auto) { ++parts; });
  if (parts < 2) return;
  while (const kernels::LinkTable* const link = common_link(totals_.size())) {
    how.totals = totals_;
    totals_.push_back(link->info.scope == Scope::all ? total_of(totals_.size(), how) : std::nullopt);
  }
  how.totals = totals_;
}

// Of link i before the rule, over all parts.
std::optional<kernels::Total> Optimizer::total_of(std::size_t i, const kernels::Execution& how) {
  std::optional<kernels::Total> out = kernels::Total{};
  each_part([&](std::size_t g, auto& lane, auto leaves) {
    std::optional<kernels::Total> part;
    if constexpr (requires { lane.driver; })
      part = lane.driver.total(chain_of(g), i, leaves, how);
    else
      part = tensor_total(chain_of(g), i, leaves, how.totals);
    if (part && out)
      *out += *part;
    else
      out.reset();
  });
  return out;
}

}  // namespace basin::optim
