// The state of an optimizer by parameter name, as stored in a checkpoint or by another program.
//
//   const NamedState state = named_state(optimizer, module->named_parameters());
//   restore(optimizer, state, module->named_parameters());          in another process: the same bits from
//                                                                   here on
//
// Holds    for each group, its chain, every knob and the names of its parameters; for each parameter that has
//          taken a step, the number of steps, the numbers and the slots; the mode, and the number of skipped
//          steps. Except for tensors, all of it is text and numbers
// Departs  from torch::save: parameters are found by name, so their order may change
#pragma once
#include <torch/ordered_dict.h>
#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "basin/optim/optimizer.hpp"

namespace basin::optim {

// As module.named_parameters() returns them.
using Names = torch::OrderedDict<std::string, torch::Tensor>;

struct NamedState {
  struct Group {
    std::string chain;                    // as text: "clip_global_norm:1+adamw"
    std::map<std::string, double> knobs;  // those of its rule
    std::vector<std::string> parameters;
  };
  struct Parameter {
    Step step = 0;  // taken so far
    std::vector<double> numbers;
    std::map<std::string, torch::Tensor>
        slots;  // "exp_avg": with the shape of its kind (state.hpp); undefined ones are omitted
  };
  std::vector<Group> groups;
  std::map<std::string, Parameter> parameters;  // those that have a state
  Mode mode = Mode::train;
  std::int64_t skipped = 0;
};

// Returns a group with that chain and all of its knobs.
NamedState::Group named_group(const kernels::Chain& chain, std::vector<std::string> parameters);

// Returns the optimizer's own slot tensors, not copies. Throws InputError for a parameter without a name.
NamedState named_state(Optimizer& optimizer, const Names& names);

// Copies the slots. Throws InputError if a group or a name is missing or superfluous, if a slot has another
// shape or type, or if the state belongs to another rule; it says which. Nothing changes then.
void restore(Optimizer& optimizer, const NamedState& state, const Names& names);

}  // namespace basin::optim
