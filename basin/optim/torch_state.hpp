// The state of an optimizer as torch.optim of Python holds it: its classes, options and slots, parameters by name.
//
//   const TorchState state = torch_state(optimizer, module->named_parameters());      train/torch_file.hpp writes it
//   restore(optimizer, state, module->named_parameters());                            goes on where PyTorch stopped
//
// Holds    what torch_classes.hpp lists, of an optimizer by name and of a class of torch_optim.hpp
// Formats  slots in fewer bits (kernels/slots.hpp) are floats there, and rounded anew where they come back
// Departs  PyTorch's SGD does not count steps, and neither does what is imported from it
#pragma once
#include "basin/optim/named_state.hpp"
#include "basin/optim/torch_classes.hpp"

namespace basin::optim {

struct TorchState {
  struct Group {
    TorchOptions options;
    std::vector<std::string> parameters;
  };
  struct Parameter {
    std::map<std::string, double> numbers;       // "step", "mu_product"
    std::map<std::string, torch::Tensor> slots;  // "exp_avg", of the parameter's shape
  };
  std::string name;  // of the class, "AdamW": one for all groups
  std::vector<Group> groups;
  std::map<std::string, Parameter> parameters;  // those that have a state
};

// The slots are the optimizer's own tensors, not copies. Throws InputError for a parameter that has no name, and for a rule
// or a link that torch.optim has no word for.
TorchState torch_state(Optimizer& optimizer, const Names& names);

// Copies the slots, in the type that the parameter's slots have, as load_state_dict does. Links of which torch.optim has no
// option stay as they are. Throws InputError, and changes nothing, when the state is of another class or rule, when a group,
// a name, an option, a slot or a number is missing or one too many, or a shape another; it says which.
void restore(Optimizer& optimizer, const TorchState& state, const Names& names);

}  // namespace basin::optim
