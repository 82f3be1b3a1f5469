// What can be named as an optimizer, and what is known of it without running it: for the command line, JSON, the
// documentation and the search spaces.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/rule.hpp"

namespace basin {

struct RuleInfo {
  std::string name;                     // as typed: "adamw"
  std::string title;                    // as in the field: "AdamW"
  std::vector<Knob> knobs;              // "lr" is the first
  std::vector<std::string_view> slots;  // state tensors
  std::vector<Extent> extents;          // of each slot: what it has a value for
  std::string chain = {};               // empty for a rule; "adamw+trust_ratio" for a chain with a name
};

template <Rule R>
RuleInfo info_of() {
  RuleInfo info{
      std::string(R::name), std::string(R::title), knobs_of<R>(), {R::slots.begin(), R::slots.end()}, {}};
  for (std::size_t i = 0; i < R::slots.size(); ++i) info.extents.push_back(extent_of<R>(i));
  return info;
}

// Every rule of rules.hpp, in its order, then every chain of chains.hpp, with the knobs and slots of the rule in it.
// Built once; thread-safe.
std::span<const RuleInfo> catalogue();
// Of that name; for a chain, "clip_norm:1+adam", of what stands between its links, which are not looked at.
// Throws InputError, "unknown optimizer 'adma'; did you mean 'adam'?".
const RuleInfo& find_rule(std::string_view name);

}  // namespace basin
