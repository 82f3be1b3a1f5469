// Parameter groups by what their parameters are for, in words.
//
//   norm bias: weight_decay 0; embedding: adagrad, lr 0.01; head: lr 0.1x
//
// Group    ROLE ROLE ...: RULE, KNOB VALUE, ...   between semicolons, the roles of layer_roles.hpp, each in one group; "none": no groups
// Rule     a chain with its own defaults, "clip_norm:1+adagrad"; a group without one has the optimizer's own, with its links and knobs
// Value    a number, or a multiple of what the optimizer's own rule has, "0.1x", which so follows every rate that is tried
// Rest     parameters whose role no group names stay with the optimizer's own rule
// Sums     what a link or rule takes over all weights (clip_global_norm, prodigy) it takes over those of its group
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
    bool multiple = false;  // of the optimizer's own
  };

  std::string text;  // as typed: messages quote it
  std::vector<Role> roles;
  std::optional<kernels::Chain> chain;
  std::vector<Setting> settings;

  // The chain of this group in an optimizer whose own is `base`. Throws InputError for a knob that the rule does not have, or
  // of which a multiple is wanted and `base` has none, and for a value outside its range.
  kernels::Chain chain_in(const kernels::Chain& base) const;
};

// Throws InputError for an unknown role, rule or knob, a role or knob that is there twice, a value that is no number, and as far as
// the group's own rule says for one outside its range.
std::vector<RoleGroup> parse_groups(std::string_view text);

// 0 for the optimizer's own, 1 for the first of `groups`, and so on.
std::size_t group_of(std::span<const RoleGroup> groups, Role role);

// Throws InputError for a group that would stay empty, since `there`, the roles of a network's parameters, has none of its roles.
// That some of them are absent is no error, so that one text does for many networks.
void check_inhabited(std::span<const RoleGroup> groups, std::span<const Role> there);

}  // namespace basin::nn
