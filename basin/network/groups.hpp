// Parameter groups by role, as text.
//
//   norm bias: weight_decay 0; embedding: adagrad, lr 0.01; head: lr 0.1x
//
// Group    ROLE ROLE ...: RULE, KNOB VALUE, ...   separated by semicolons; roles are those of
//          layer_roles.hpp, each in one group; "none" means no groups
// Rule     a chain with its own defaults, "clip_norm:1+adagrad"; a group without one uses the optimizer's
//          chain, links and knobs
// Value    a number, or a multiple of the optimizer's own value, "0.1x", which follows every rate that is
//          tried
// Rest     parameters whose role no group names use the optimizer's own rule
// Sums     a link before the rule (clip_global_norm) sums over all groups whose chains begin with the same
//          links; a rule's own sums (prodigy) cover its group
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/kernels/chain.hpp"
#include "basin/network/layer_roles.hpp"

namespace basin::nn {

struct RoleGroup {
  struct Setting {
    std::string knob;
    double value = 0;
    bool multiple = false;  // of the optimizer's own value
  };

  std::string text;  // as typed, for messages
  std::vector<Role> roles;
  std::optional<kernels::Chain> chain;
  std::vector<Setting> settings;

  // Returns the chain of this group in an optimizer whose own chain is `base`. Throws InputError for a knob
  // that the rule does not have, for a multiple of a knob that `base` does not have, and for a value outside
  // its range.
  kernels::Chain chain_in(const kernels::Chain& base) const;
};

// Throws InputError for an unknown role, rule or knob, for a repeated role or knob, and for a value that is
// not a number or, if the group names a rule, is outside its range.
std::vector<RoleGroup> parse_groups(std::string_view text);

// Returns 0 for the optimizer's own group, 1 for the first of `groups`, and so on.
std::size_t group_of(std::span<const RoleGroup> groups, Role role);

// Throws InputError for a group that would be empty because `there`, the roles of a network's parameters, has
// none of its roles. Some of them may be absent, so that one text works for many networks.
void check_inhabited(std::span<const RoleGroup> groups, std::span<const Role> there);

}  // namespace basin::nn
