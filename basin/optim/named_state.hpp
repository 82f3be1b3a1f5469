// The state of an optimizer by the names of its parameters: what a checkpoint, or another program, keeps of it.
//
//   const NamedState state = named_state(optimizer, module->named_parameters());
//   restore(optimizer, state, module->named_parameters());          another process, the same bits from here on
//
// Holds    for each group its chain, every knob and the names of its parameters; for each parameter that has taken a step the
//          number of steps, the numbers and the slots; the mode and the steps left out. Tensors aside, all of it is text and numbers
// Departs  from torch::save: parameters are found by name, so that their order may change
#pragma once
#include <torch/ordered_dict.h>
#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "basin/optim/optimizer.hpp"

namespace basin::optim {

// As module.named_parameters() gives them.
using Names = torch::OrderedDict<std::string, torch::Tensor>;

struct NamedState {
  struct Group {
    std::string chain;                    // its text: "clip_global_norm:1+adamw"
    std::map<std::string, double> knobs;  // of its rule
    std::vector<std::string> parameters;
  };
  struct Parameter {
    Step step = 0;  // taken so far
    std::vector<double> numbers;
    std::map<std::string, torch::Tensor>
        slots;  // "exp_avg": of the shape that its kind says (state.hpp), undefined ones left out
  };
  std::vector<Group> groups;
  std::map<std::string, Parameter> parameters;  // those that have a state
  Mode mode = Mode::train;
  std::int64_t skipped = 0;
};

// A group of that chain, with all of its knobs.
NamedState::Group named_group(const kernels::Chain& chain, std::vector<std::string> parameters);

// The slots are the optimizer's own tensors, not copies. Throws InputError for a parameter that has no name.
NamedState named_state(Optimizer& optimizer, const Names& names);

// Copies the slots. Throws InputError, and changes nothing, when a group or a name is missing or one too many, when a slot is
// of another shape or type, or the state of another rule; it says which.
void restore(Optimizer& optimizer, const NamedState& state, const Names& names);

}  // namespace basin::optim
