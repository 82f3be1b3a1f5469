#include "basin/network/groups.hpp"

#include <algorithm>
#include <cmath>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/rules/catalogue.hpp"

namespace basin::nn {
namespace {

// Returns the result of `read`; its errors name the group.
template <class Read>
auto of_group(const std::string& text, const Read& read) {
  try {
    return read();
  } catch (const InputError& e) {
    throw InputError("groups '" + text + "': " + e.what());
  }
}

// Returns whether any rule has this knob.
bool is_knob(std::string_view name) {
  return std::ranges::any_of(catalogue(), [&](const RuleInfo& rule) {
    return std::ranges::find(rule.knobs, name, &Knob::name) != rule.knobs.end();
  });
}

bool is_rule(std::string_view name) {
  return std::ranges::find(catalogue(), name, &RuleInfo::name) != catalogue().end();
}

[[noreturn]] void refuse_lonely(const std::string& knob) {
  throw InputError(knob + " lacks its value; write it like weight_decay 0, or lr 0.1x for a multiple");
}

// Rejects "weight_decay=0", which is not a rule's setting either: those follow the rule's name and a colon.
void check_separator(const std::string& part) {
  const std::size_t at = std::min(part.find_first_of("=:"), part.size());
  const std::string name = part.substr(0, at);
  if (at == part.size() || !is_knob(name) || (is_rule(name) && part[at] == ':')) return;
  throw InputError("'" + part + "': separate a setting from its value by a blank; write it like " + name +
                   " " + part.substr(std::min(at + 1, part.size())));
}

RoleGroup::Setting parse_setting(const std::string& part, std::size_t blank) {
  RoleGroup::Setting out{.knob = part.substr(0, blank)};
  std::string_view digits = trimmed(std::string_view(part).substr(blank));
  out.multiple = digits.ends_with('x');
  if (out.multiple) digits.remove_suffix(1);
  const auto value = number_of(digits);
  if (!value || !std::isfinite(*value))
    throw InputError("'" + part + "': the value is not a number; write it like " + out.knob + " 0.1, or " +
                     out.knob + " 0.1x for a multiple");
  out.value = *value;
  return out;
}

void add_setting(RoleGroup& group, RoleGroup::Setting setting) {
  if (std::ranges::find(group.settings, setting.knob, &RoleGroup::Setting::knob) != group.settings.end())
    throw InputError(setting.knob + " is given twice");
  if (group.chain) {  // these throw
    kernels::AnyRule rule = group.chain->rule;
    rule.set(setting.knob, setting.multiple ? rule.get(setting.knob) : setting.value);
  }
  group.settings.push_back(std::move(setting));
}

void add_part(RoleGroup& group, const std::string& part) {
  if (const std::size_t blank = part.find(' '); blank != part.npos)
    return add_setting(group, parse_setting(part, blank));
  if (part.empty()) throw InputError("it has an empty part; write it like norm bias: weight_decay 0");
  if (is_knob(part) && !is_rule(part)) refuse_lonely(part);
  check_separator(part);
  if (group.chain || !group.settings.empty())
    throw InputError("'" + part + "': name one rule, before the settings; write a setting like lr 0.1");
  group.chain = kernels::Chain::parse(part);
}

void add_role(RoleGroup& group, const std::vector<RoleGroup>& before, std::string_view name) {
  if (name.empty()) return;  // two blanks
  const Role role = role_named(name);
  if (std::ranges::find(group.roles, role) != group.roles.end() || group_of(before, role) > 0)
    throw InputError("the role " + name_of(role) + " is given twice");
  group.roles.push_back(role);
}

RoleGroup parse_group(std::string_view text, const std::vector<RoleGroup>& before) {
  RoleGroup out{.text = std::string(text), .roles = {}, .chain = {}, .settings = {}};
  return of_group(out.text, [&] {
    const std::size_t colon = text.find(':');
    for (const std::string_view name : split(text.substr(0, colon), ' ')) add_role(out, before, name);
    if (colon == text.npos || out.roles.empty())
      throw InputError("wanted roles, a colon and settings, as in norm bias: weight_decay 0");
    for (const std::string& part : split_list(text.substr(colon + 1))) add_part(out, part);
    return out;
  });
}

}  // namespace

kernels::Chain RoleGroup::chain_in(const kernels::Chain& base) const {
  return of_group(text, [&] {
    kernels::Chain out = chain.value_or(base);
    for (const Setting& s : settings)
      out.rule.set(s.knob, s.multiple ? s.value * base.rule.get(s.knob) : s.value);
    return out;
  });
}

std::vector<RoleGroup> parse_groups(std::string_view text) {
  std::vector<RoleGroup> out;
  if (text == "none") return out;
  for (const std::string_view part : split(text, ';')) out.push_back(parse_group(part, out));
  return out;
}

std::size_t group_of(std::span<const RoleGroup> groups, Role role) {
  for (std::size_t g = 0; g < groups.size(); ++g)
    if (std::ranges::find(groups[g].roles, role) != groups[g].roles.end()) return g + 1;
  return 0;
}

void check_inhabited(std::span<const RoleGroup> groups, std::span<const Role> there) {
  const auto is_there = [&](Role role) { return std::ranges::find(there, role) != there.end(); };
  for (const RoleGroup& group : groups) {
    if (std::ranges::any_of(group.roles, is_there)) continue;
    std::vector<std::string> found;
    for (const RoleInfo& info : role_infos)
      if (is_there(role_named(info.name))) found.emplace_back(info.name);
    throw InputError("groups '" + group.text + "': this network has no such parameters; it has " +
                     (found.empty() ? "none" : listed(found)));
  }
}

}  // namespace basin::nn
