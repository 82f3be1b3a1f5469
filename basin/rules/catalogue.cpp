#include "basin/rules/catalogue.hpp"

#include "basin/rules/chains.hpp"
#include "basin/rules/rules.hpp"

namespace basin {
namespace {

// The rule that stands between the links of a chain.
const RuleInfo& rule_in(std::string_view chain, std::span<const RuleInfo> rules) {
  const std::string parts = "+" + std::string(chain) + "+";
  return *std::ranges::find_if(
      rules, [&](const RuleInfo& rule) { return parts.find("+" + rule.name + "+") != parts.npos; });
}

}  // namespace

std::span<const RuleInfo> catalogue() {
  static const std::vector<RuleInfo> infos = [] {
    std::vector<RuleInfo> out;
    rules::All::each([&]<class R> { out.push_back(info_of<R>()); });
    for (const rules::NamedChain& named : rules::named_chains) {
      RuleInfo info = rule_in(named.chain, out);
      info.name = named.name, info.title = named.title, info.chain = named.chain;
      out.push_back(info);
    }
    return out;
  }();
  return infos;
}

const RuleInfo& find_rule(std::string_view name) {
  std::vector<std::string> known;
  for (const RuleInfo& info : catalogue()) {
    if (info.name == name) return info;
    known.push_back(info.name);
  }
  throw InputError(unknown("optimizer", name, known));
}

}  // namespace basin
