#include "basin/optim/totals.hpp"

namespace basin::optim {
namespace {

// The links of all parts of a step that stand before the rule.
class Parts {
 public:
  Parts(StepLayout& layout, std::size_t groups, const ChainOf& chain_of)
      : layout_(layout), groups_(groups), chain_of_(chain_of) {}

  std::size_t count() const {
    std::size_t parts = 0;
    layout_.each_part(groups_, [&](std::size_t, auto&, auto) { ++parts; });
    return parts;
  }

  // The link at place i in the chains of all parts, whatever its settings; or null.
  const kernels::LinkTable* common_link(std::size_t i) const {
    const kernels::LinkTable* common = nullptr;
    bool same = true;
    layout_.each_part(groups_, [&](std::size_t g, auto&, auto) {
      const auto& before = chain_of_(g).before;
      const kernels::LinkTable* const here = i < before.size() ? &before[i].table() : nullptr;
      same = same && here && (!common || common == here);
      common = here;
    });
    return same ? common : nullptr;
  }

  // What link i sums over all parts; nothing when a link before it leaves the step out.
  std::optional<kernels::Total> total(std::size_t i, const kernels::Execution& how) const {
    std::optional<kernels::Total> out = kernels::Total{};
    layout_.each_part(groups_, [&](std::size_t g, auto& lane, auto leaves) {
      std::optional<kernels::Total> part;
      if constexpr (requires { lane.driver; })
        part = lane.driver.total(chain_of_(g), i, leaves, how);
      else
        part = tensor_total(chain_of_(g), i, leaves, how.totals);
      if (part && out)
        *out += *part;
      else
        out.reset();
    });
    return out;
  }

 private:
  StepLayout& layout_;
  std::size_t groups_;
  const ChainOf& chain_of_;
};

}  // namespace

void sum_over_groups(StepLayout& layout, std::size_t groups, const ChainOf& chain_of,
                     std::vector<std::optional<kernels::Total>>& totals, kernels::Execution& how) {
  totals.clear();
  const Parts parts(layout, groups, chain_of);
  if (parts.count() < 2) return;
  while (const kernels::LinkTable* const link = parts.common_link(totals.size())) {
    how.totals = totals;
    totals.push_back(link->info.scope == Scope::all ? parts.total(totals.size(), how) : std::nullopt);
  }
  how.totals = totals;
}

}  // namespace basin::optim
