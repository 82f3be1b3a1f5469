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
  // Of a dialect: the rule that libraries compute so, and which libraries. Empty for all others.
  std::string dialect_of = {};
  std::vector<std::string> dialects = {};
};

template <Rule R>
RuleInfo info_of() {
  RuleInfo info{
      std::string(R::name), std::string(R::title), knobs_of<R>(), {R::slots.begin(), R::slots.end()}, {}};
  for (std::size_t i = 0; i < R::slots.size(); ++i) info.extents.push_back(extent_of<R>(i));
  if constexpr (requires { R::dialect_of; }) {
    info.dialect_of = R::dialect_of;
    info.dialects = {R::dialects.begin(), R::dialects.end()};
  }
  return info;
}

// Every rule of rules.hpp, in its order, its dialects, then every chain of chains.hpp, with the knobs and slots of the
// rule in it. Built once; thread-safe.
std::span<const RuleInfo> catalogue();
// Of that name; for a chain, "clip_norm:1+adam", of what stands between its links, which are not looked at.
// Throws InputError, "unknown optimizer 'adma'; did you mean 'adam'?".
const RuleInfo& find_rule(std::string_view name);

// A rule, in the dialect of these libraries, and what computes it so.
struct Dialect {
  const RuleInfo* rule;
  std::vector<std::string> libraries;
  const RuleInfo* computed;
};
// Every rule that has dialects, as PyTorch's, and behind it its dialects.
std::vector<Dialect> dialects();

// An optimizer in another dialect: in_dialect("clip_norm:1+rmsprop", "keras") is "clip_norm:1+rmsprop_keras"; "pytorch"
// leaves it as it is. Throws InputError, "rmsprop has no dialect 'kras'; did you mean 'keras'?".
std::string in_dialect(std::string_view optimizer, std::string_view dialect);

}  // namespace basin
