#include "basin/rules/catalogue.hpp"

#include "basin/rules/chains.hpp"
#include "basin/rules/rules.hpp"

namespace basin {
namespace {

// Calls visit(name, rest) for each part of a chain: "adamw" and ":eps=1e-06" for "adamw:eps=1e-06", and
// "@8bit" for "adamw@8bit".
template <class Visit>
void each_part(std::string_view chain, const Visit& visit) {
  while (!chain.empty()) {
    const std::string_view part = chain.substr(0, chain.find('+'));
    chain.remove_prefix(std::min(part.size() + 1, chain.size()));
    const std::size_t end = std::min(part.find_first_of(":@"), part.size());
    visit(part.substr(0, end), part.substr(end));
  }
}

// Returns the rule between the links of a chain; nullptr if it is unknown.
const RuleInfo* rule_in(std::string_view chain, std::span<const RuleInfo> known) {
  const RuleInfo* rule = nullptr;
  each_part(chain, [&](std::string_view name, std::string_view) {
    const auto found = std::ranges::find(known, name, &RuleInfo::name);
    if (found != known.end()) rule = &*found;
  });
  return rule;
}

// Returns the chain with another rule between its links.
std::string with_rule(std::string_view chain, std::string_view rule, std::string_view other) {
  std::string out;
  each_part(chain, [&](std::string_view name, std::string_view rest) {
    out.append(out.empty() ? "" : "+").append(name == rule ? other : name).append(rest);
  });
  return out;
}

// Describes a rule with links and, possibly, other defaults: "eps=1e-06".
RuleInfo info_of(const rules::NamedChain& named, std::span<const RuleInfo> known) {
  RuleInfo info = *rule_in(named.chain, known);
  each_part(named.chain, [&](std::string_view part, std::string_view rest) {
    if (part != info.name || rest.empty()) return;
    const std::string_view settings = rest.substr(1);
    const std::size_t equals = settings.find('=');
    info.knobs[knob_index(info.name, info.knobs, settings.substr(0, equals))].initial =
        number_of(settings.substr(equals + 1)).value();
  });
  info.name = named.name, info.title = named.title, info.chain = named.chain;
  return info;
}

}  // namespace

std::span<const RuleInfo> catalogue() {
  static const std::vector<RuleInfo> infos = [] {
    std::vector<RuleInfo> out;
    rules::Every::each([&]<class R> { out.push_back(info_of<R>()); });
    for (const rules::NamedChain& named : rules::named_chains) out.push_back(info_of(named, out));
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

std::vector<Dialect> dialects() {
  std::vector<Dialect> out;
  for (const RuleInfo& rule : catalogue()) {
    const std::size_t before = out.size();
    for (const RuleInfo& info : catalogue())
      if (info.dialect_of == rule.name) out.push_back({&rule, info.dialects, &info});
    if (out.size() > before)
      out.insert(out.begin() + static_cast<std::ptrdiff_t>(before), {&rule, {"pytorch"}, &rule});
  }
  return out;
}

std::string in_dialect(std::string_view optimizer, std::string_view dialect) {
  const RuleInfo& rule = find_rule(optimizer);
  if (!rule.dialect_of.empty())
    throw InputError(rule.name + " is itself a dialect of " + rule.dialect_of + "; set " + rule.dialect_of +
                     ".dialect");
  if (dialect == "pytorch") return std::string(optimizer);
  std::vector<std::string> known;
  for (const auto& [of, libraries, computed] : dialects()) {
    if (of != &rule) continue;
    if (std::ranges::find(libraries, dialect) != libraries.end())
      return with_rule(optimizer, rule.name, computed->name);
    known.insert(known.end(), libraries.begin(), libraries.end());
  }
  if (known.empty())
    throw InputError(rule.name + " has no dialects but pytorch's; basin list dialects says which rules have");
  throw InputError(rule.name + " has no dialect '" + std::string(dialect) + "'; " +
                   suggestion(dialect, known));
}

}  // namespace basin
