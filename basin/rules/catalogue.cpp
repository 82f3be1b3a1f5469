#include "basin/rules/catalogue.hpp"

#include <algorithm>

#include "basin/rules/chains.hpp"
#include "basin/rules/rules.hpp"

namespace basin {
namespace {

const RuleInfo* find(std::span<const RuleInfo> infos, std::string_view name) {
  const auto found = std::ranges::find(infos, name, &RuleInfo::name);
  return found == infos.end() ? nullptr : &*found;
}

// The rule within "clip_norm:1+adam+cautious".
const RuleInfo* find_in_chain(std::span<const RuleInfo> infos, std::string_view chain) {
  while (true) {
    const std::size_t end = chain.find('+');
    if (const RuleInfo* info = find(infos, chain.substr(0, end))) return info;
    if (end == std::string_view::npos) return nullptr;
    chain.remove_prefix(end + 1);
  }
}

std::vector<RuleInfo> every_rule() {
  std::vector<RuleInfo> out;
  rules::All::each([&]<class R> { out.push_back(info_of<R>()); });
  for (const rules::NamedChain& chain : rules::chains) {
    RuleInfo info = *find_in_chain(out, chain.text);
    info.name = chain.name, info.title = chain.title, info.chain = chain.text;
    out.push_back(std::move(info));
  }
  return out;
}

}  // namespace

std::span<const RuleInfo> catalogue() {
  static const std::vector<RuleInfo> infos = every_rule();
  return infos;
}

const RuleInfo& find_rule(std::string_view name) {
  if (const RuleInfo* info = find_in_chain(catalogue(), name)) return *info;
  std::vector<std::string> known;
  for (const RuleInfo& info : catalogue()) known.push_back(info.name);
  throw InputError(unknown("optimizer", name, known));
}

}  // namespace basin
