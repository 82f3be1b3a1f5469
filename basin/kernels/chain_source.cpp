#include "basin/kernels/chain_source.hpp"

#include <algorithm>

namespace basin::kernels {
namespace {

bool by_weight(const AnyLink& link) { return link.table().write; }

}  // namespace

std::optional<std::size_t> links_apart(const Chain& chain) {
  if (!chain.rule.table().write || !std::ranges::all_of(chain.after, by_weight)) return {};
  if (chain.rule.table().scope) return chain.before.size();
  const auto last = std::find_if_not(chain.before.rbegin(), chain.before.rend(), by_weight);
  return static_cast<std::size_t>(chain.before.rend() - last);
}

void write_chain(const Chain& chain, std::size_t first, Step t, std::span<double> numbers, const Sums& sums,
                 Source& source) {
  for (std::size_t i = first; i < chain.before.size(); ++i)
    chain.before[i].table().write(chain.before[i].settings(), t, source);
  chain.rule.table().write(chain.rule.settings(), t, numbers, sums, source);
  for (const AnyLink& link : chain.after) link.table().write(link.settings(), t, source);
  if (chain.rule.table().moves) return;
  source.write([&] { return Written(chain.rule.lr()); },
               [&](const Written& rate) { source.x -= rate * source.u; });
}

}  // namespace basin::kernels
