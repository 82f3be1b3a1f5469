// The list of all optimizers that can be named, and what is known about each without running it: for the
// command line, JSON, the documentation and the search spaces.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/rule.hpp"

namespace basin {

struct RuleInfo {
  std::string name;                     // as typed: "adamw"
  std::string title;                    // as in the literature: "AdamW"
  std::vector<Knob> knobs;              // "lr" is the first
  std::vector<std::string_view> slots;  // names of the state tensors
  std::vector<Extent> extents;          // the extent of each slot
  std::string chain = {};               // empty for a rule; "adamw+trust_ratio" for a named chain
  // For a dialect: the rule, and the libraries that compute it so. Empty for all others.
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

// Returns every rule of rules.hpp, in order, then the dialects, then every chain of chains.hpp with the knobs
// and slots of its rule. Built once; thread-safe.
std::span<const RuleInfo> catalogue();
// Returns the rule with this name. For a chain, "clip_norm:1+adam", returns the rule in it; the links are not
// checked. Throws InputError, "unknown optimizer 'adma'; did you mean 'adam'?".
const RuleInfo& find_rule(std::string_view name);

// A rule, the libraries, and the rule that computes it as they do.
struct Dialect {
  const RuleInfo* rule;
  std::vector<std::string> libraries;
  const RuleInfo* computed;
};
// Returns every rule that has dialects, as PyTorch computes it, followed by its dialects.
std::vector<Dialect> dialects();

// Returns an optimizer in another dialect: in_dialect("clip_norm:1+rmsprop", "keras") is
// "clip_norm:1+rmsprop_keras"; "pytorch" leaves it unchanged. Throws InputError, "rmsprop has no dialect
// 'kras'; did you mean 'keras'?".
std::string in_dialect(std::string_view optimizer, std::string_view dialect);

}  // namespace basin
