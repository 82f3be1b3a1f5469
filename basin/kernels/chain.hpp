// A chain: the links before a rule, the rule, the links after it; with all their settings, chosen at run time.
//
//   basin::kernels::Chain::parse("clip_global_norm:1+adamw+cautious")
//
// A link's settings follow its name, separated by colons, in the order of its knobs; a rule's by name, "adamw:eps=1e-06". A chain of rules/chains.hpp may stand
// where a rule does: "clip_global_norm:1+lamb". The rule may say how its slots are kept: "adamw@8bit", "lamb@bfloat16" (slots.hpp).
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
  // One that was known at compile time, with its settings. Throws InputError when one is outside its range.
  template <class R, class... B, class... A>
  Chain(const rules::Chained<R, rules::Links<B...>, rules::Links<A...>>&
            chain)  // NOLINT(google-explicit-constructor)
      : Chain({AnyLink(static_cast<const B&>(chain))...}, AnyRule(static_cast<const R&>(chain)),
              {AnyLink(static_cast<const A&>(chain))...}) {}
  // Throw InputError for a link that stands on the wrong side, or after a rule that moves the weights itself.
  Chain(std::vector<AnyLink> b, AnyRule r, std::vector<AnyLink> a);
  // Throws InputError for an unknown name, no rule or two, a setting that is no number or outside its range.
  static Chain parse(std::string_view text);
  // And then with these knobs of its rule; throws as `set` does.
  static Chain parse(std::string_view text, const std::map<std::string, double>& knobs);
  // What `parse` reads back as the same chain, but for the rule's knobs.
  std::string text() const;
  bool operator==(const Chain&) const = default;
};

}  // namespace basin::kernels
