// The state of an optimizer in the form of Python's torch.optim: its classes, options and slots, by parameter
// name.
//
//   const TorchState state = torch_state(optimizer, module->named_parameters());
//   restore(optimizer, state, module->named_parameters());            continues where PyTorch stopped
//
// train/torch_file.hpp reads and writes it as a file.
//
// Holds    what torch_classes.hpp lists, for an optimizer by name or a class of torch_optim.hpp
// Formats  packed slots (kernels/slots.hpp) are floats here, and are rounded again when they are imported
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
    std::map<std::string, torch::Tensor> slots;  // "exp_avg", with the parameter's shape
  };
  std::string name;  // the class, "AdamW"; one for all groups
  std::vector<Group> groups;
  std::map<std::string, Parameter> parameters;  // those that have a state
};

// Returns the optimizer's own slot tensors, not copies. Throws InputError for a parameter without a name, and
// for a rule or a link that torch.optim does not have.
TorchState torch_state(Optimizer& optimizer, const Names& names);

// Copies the slots, converted to the type of the parameter's slots, as load_state_dict does. Links without an
// option in torch.optim stay as they are.
//
// Throws  InputError if the state belongs to another class or rule, if a group, name, option, slot or number
//         is missing or superfluous, or if a shape differs; it says which. Nothing changes then
void restore(Optimizer& optimizer, const TorchState& state, const Names& names);

}  // namespace basin::optim
