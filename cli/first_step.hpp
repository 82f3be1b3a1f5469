// The size of a rule's first step, which distinguishes dialects at a glance.
#pragma once
#include "basin/rules/catalogue.hpp"

namespace basin::cli {

// Returns how far the first step of the rule, with its defaults, moves a weight of 1 under this gradient, in
// units of its rate.
double first_step(const RuleInfo& rule, double gradient);

}  // namespace basin::cli
