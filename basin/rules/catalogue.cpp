#include "basin/rules/catalogue.hpp"

#include "basin/rules/chains.hpp"
#include "basin/rules/rules.hpp"

namespace basin {
namespace {

// What stands between the links of a chain; nullptr where nothing known does.
const RuleInfo* rule_in(std::string_view chain, std::span<const RuleInfo> known) {
  const std::string parts = "+" + std::string(chain) + "+";
  const auto found = std::ranges::find_if(
      known, [&](const RuleInfo& info) { return parts.find("+" + info.name + "+") != parts.npos; });
  return found == known.end() ? nullptr : &*found;
}

}  // namespace

std::span<const RuleInfo> catalogue() {
  static const std::vector<RuleInfo> infos = [] {
    std::vector<RuleInfo> out;
    rules::All::each([&]<class R> { out.push_back(info_of<R>()); });
    for (const rules::NamedChain& named : rules::named_chains) {
      RuleInfo info = *rule_in(named.chain, out);
      info.name = named.name, info.title = named.title, info.chain = named.chain;
      out.push_back(info);
    }
    return out;
  }();
  return infos;
}

const RuleInfo& find_rule(std::string_view name) {
  if (const RuleInfo* info = rule_in(name, catalogue())) return *info;
  std::vector<std::string> known;
  for (const RuleInfo& info : catalogue()) known.push_back(info.name);
  throw InputError(unknown("optimizer", name, known));
}

}  // namespace basin
