// What each parameter of a module is for, and the parameter groups that follow from it.
//
//   const auto chain = basin::kernels::Chain::parse("adamw");
//   basin::optim::Optimizer optimizer(
//       basin::nn::groups_by_role(*model, "norm bias: weight_decay 0; embedding: adagrad, lr 0.01", chain), chain);
//
// Known    by the type of the module that registered it: Linear, Bilinear, Conv*, ConvTranspose*, Embedding(Bag), BatchNorm*,
//          InstanceNorm*, LayerNorm, GroupNorm. Scale and shift of a normalization are both `norm`
// Guessed  of any other module, by name, its own and its module's, and by dimensions: "norm" and of one extent: norm; "bias": bias;
//          "embed": embedding; up to 1 dimension: norm, as a scale; 2: matrix; more: convolution. In RNN, LSTM, GRU, their cells and
//          MultiheadAttention: bias or matrix
// Head     the weight of the last linear or convolutional layer in the order of registration (a guessed one: called ...weight),
//          outside of recurrent and attention modules and of transformer layers
// Shared   a parameter of several modules stands once, where it was registered first: an embedding if it is one anywhere, so that
//          a head tied to an embedding is an embedding, and such a network has no head
#pragma once
#include <torch/nn/module.h>
#include <torch/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/network/groups.hpp"
#include "basin/optim/optimizer.hpp"

namespace basin::nn {

struct RoledParameter {
  std::string name;  // as module.named_parameters() has it
  torch::Tensor parameter;
  Role role;  // may be changed before groups are made of it
};

// In the order of module.parameters(), and like it with those that need no gradient.
std::vector<RoledParameter> roles(const torch::nn::Module& module);

// The first group, which may be empty, has what no group names, and the chain `base`; the others are those of `groups`, in their order.
// Each says all of its knobs, so that none is taken from the defaults of the optimizer.
// Throws InputError as `chain_in` does, and for a group without parameters, naming the roles that there are.
std::vector<optim::OptimizerParamGroup> groups_by_role(std::span<const RoledParameter> parameters,
                                                       std::span<const RoleGroup> groups,
                                                       const kernels::Chain& base);
inline std::vector<optim::OptimizerParamGroup> groups_by_role(const torch::nn::Module& module,
                                                              std::string_view groups,
                                                              const kernels::Chain& base) {
  return groups_by_role(roles(module), parse_groups(groups), base);
}

}  // namespace basin::nn
