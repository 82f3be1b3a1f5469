// Rules with non-default knobs, so that every term of a formula matters.
#pragma once
#include <map>

#include "basin/kernels/any_rule.hpp"
#include "tests/rules/oracle.hpp"

namespace basin::test {

inline kernels::AnyRule awkward(kernels::AnyRule rule) {
  static const std::map<std::string_view, double> values{{"lr", 0.01},
                                                         {"beta1", 0.8},
                                                         {"beta2", 0.95},
                                                         {"eps", 1e-3},
                                                         {"eps_root", 1e-3},
                                                         {"weight_decay", 0.1},
                                                         {"lambd", 0.1},
                                                         {"momentum_decay", 0.02},
                                                         {"warmup_steps", 20},
                                                         {"step_size_max", 0.05},
                                                         {"t0", 2},
                                                         {"rho", 0.95},
                                                         {"dampening", 0.25},
                                                         {"lr_decay", 0.01},
                                                         {"d0", 1e-3},
                                                         {"d_coef", 0.5},
                                                         {"reps_rel", 1e-2},
                                                         {"l1", 0.05},
                                                         {"l2", 0.1},
                                                         {"l2_shrinkage", 0.05},
                                                         {"gamma", 0.2},
                                                         {"beta", 0.5},
                                                         {"alpha", 0.9},
                                                         {"initial_accumulator_value", 0.5}};
  for (const Knob& knob : rule.info().knobs)
    if (const auto value = values.find(knob.name); value != values.end()) rule.set(knob.name, value->second);
  return rule;
}

// Returns the settings of a rule or link in the form of the oracles.
Knobs knobs_of(const auto& chosen) {
  Knobs out;
  for (const Knob& knob : chosen.info().knobs) out[std::string(knob.name)] = chosen.get(knob.name);
  return out;
}

}  // namespace basin::test
