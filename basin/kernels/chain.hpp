// A chain: the links before a rule, the rule, and the links after it, with all their settings, chosen at run
// time.
//
//   basin::kernels::Chain::parse("clip_global_norm:1+adamw+cautious")
//
// The settings of a link follow its name, separated by colons, in the order of its knobs; those of a rule are
// named, "adamw:eps=1e-06". A chain of rules/chains.hpp can take the place of a rule:
// "clip_global_norm:1+lamb". A suffix gives the format of the slots: "adamw@8bit", "lamb@bfloat16"
// (slots.hpp).
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "basin/kernels/any_rule.hpp"
#include "basin/kernels/link_table.hpp"
#include "basin/rules/chain.hpp"

namespace basin::kernels {

class AnyLink : public Configured<LinkTable> {
 public:
  using Configured::Configured;
  // Throws InputError when a knob is outside its range.
  template <Link L>
  explicit AnyLink(const L& link) : AnyLink(link_table_of<L>(), settings_of(checked(link))) {}
  static AnyLink named(std::string_view name);
};

struct Chain {
  std::vector<AnyLink> before;  // Place::gradient, in the order in which they act
  AnyRule rule;
  std::vector<AnyLink> after;  // Place::direction

  Chain(AnyRule r) : rule(std::move(r)) {}  // NOLINT(google-explicit-constructor): a rule is a chain of one
  // Converts a chain that was known at compile time, with its settings. Throws InputError if one is outside
  // its range.
  template <class R, class... B, class... A>
  Chain(const rules::Chained<R, rules::Links<B...>, rules::Links<A...>>&
            chain)  // NOLINT(google-explicit-constructor)
      : Chain({AnyLink(static_cast<const B&>(chain))...}, AnyRule(static_cast<const R&>(chain)),
              {AnyLink(static_cast<const A&>(chain))...}) {}
  // Both throw InputError for a link on the wrong side, and for a link after a rule that moves the weights
  // itself.
  Chain(std::vector<AnyLink> b, AnyRule r, std::vector<AnyLink> a);
  // Throws InputError for an unknown name, for no rule or more than one, and for a setting that is not a
  // number or is outside its range.
  static Chain parse(std::string_view text);
  // Parses `text` and then sets these knobs of its rule. Throws as `set` does.
  static Chain parse(std::string_view text, const std::map<std::string, double>& knobs);
  // Returns text that `parse` reads back as the same chain, except for the rule's knobs.
  std::string text() const;
  bool operator==(const Chain&) const = default;
};

}  // namespace basin::kernels
