// Which rules are which classes of torch.optim, and what the options of those say.
//
// Holds    SGD, RMSprop, Adagrad, Adam, AdamW, NAdam, RAdam and Adamax, with the options of PyTorch 1.13 to 2.x that change a
//          value: `maximize` is the link of that name, `decoupled_weight_decay` of NAdam and RAdam the link decay
// Departs  nothing; NAdam is that of PyTorch 2, and of 1.13 with foreach (rules/nadam.hpp)
#pragma once
#include <map>
#include <string>
#include <variant>

#include "basin/kernels/chain.hpp"

namespace basin::optim {

// By PyTorch's names of a parameter group; `betas` are two, beta1 and beta2.
using TorchOptions = std::map<std::string, std::variant<bool, double>>;

struct TorchClass {
  std::string name;  // "AdamW"
  TorchOptions options;
};

// Throws InputError for a rule or a link that torch.optim has no word for.
TorchClass torch_class(const kernels::Chain& chain);

// What a class with these options computes. The links of `own` of which these options cannot speak stay round it: PyTorch
// clips outside of its optimizers. Options that say how, not what, is computed are passed over: foreach, fused, capturable,
// differentiable. Throws InputError, which ends in `where`, for another class, an option that is missing or unknown, and
// one that no rule can follow; and for a value outside its range.
kernels::Chain chain_of(const TorchClass& theirs, const kernels::Chain& own, const std::string& where);

}  // namespace basin::optim
