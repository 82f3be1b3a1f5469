// The mapping between rules and the classes of torch.optim, and the meaning of their options.
//
// Holds    SGD, RMSprop, Adagrad, Adam, AdamW, NAdam, RAdam and Adamax, with all options of PyTorch 1.13 to
//          2.x that change a value: `maximize` is the link of that name, `decoupled_weight_decay` of NAdam
//          and RAdam the link decay
// Departs  nothing; NAdam is that of PyTorch 2, and of 1.13 with foreach (rules/nadam.hpp)
#pragma once
#include <map>
#include <string>
#include <variant>

#include "basin/kernels/chain.hpp"

namespace basin::optim {

// Options by PyTorch's names in a parameter group; `betas` become beta1 and beta2.
using TorchOptions = std::map<std::string, std::variant<bool, double>>;

struct TorchClass {
  std::string name;  // "AdamW"
  TorchOptions options;
};

// Throws InputError for a rule or a link that torch.optim does not have.
TorchClass torch_class(const kernels::Chain& chain);

// Returns what a class with these options computes. Links of `own` that these options cannot express are
// kept: PyTorch clips outside its optimizers. Options that say how, not what, is computed are ignored:
// foreach, fused, capturable, differentiable.
//
// Throws  InputError, ending in `where`, for another class, for an option that is missing, unknown or that no
//         rule can follow, and for a value outside its range
kernels::Chain chain_of(const TorchClass& theirs, const kernels::Chain& own, const std::string& where);

}  // namespace basin::optim
