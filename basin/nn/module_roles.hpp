// The role of each parameter of a module, and the resulting parameter groups.
//
//   const auto chain = basin::kernels::Chain::parse("adamw");
//   basin::optim::Optimizer optimizer(
//       basin::nn::groups_by_role(*model, "norm bias: weight_decay 0; embedding: adagrad, lr 0.01", chain),
//       chain);
//
// Layers   of a network made from a list of layers, as they declare them
// Known    by the type of the module that registered it: Linear, Bilinear, Conv*, ConvTranspose*,
//          Embedding(Bag), BatchNorm*, InstanceNorm*, LayerNorm, GroupNorm. Scale and shift of a
//          normalization are both `norm`
// Guessed  for any other module, by its own and its module's name, and by dimensions: "norm" and one extent:
//          norm; "bias": bias; "embed": embedding; up to 1 dimension: norm, as a scale; 2: matrix; more:
//          convolution. In RNN, LSTM, GRU, their cells and MultiheadAttention: bias or matrix
// Head     the weight of the last linear or convolutional layer in the order of registration (a guessed one
//          must be called ...weight), outside recurrent and attention modules and transformer layers
// Shared   a parameter of several modules is listed once, where it was registered first. It is an embedding
//          if it is one anywhere: a head tied to an embedding is an embedding, and such a network has no head
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
  std::string name;  // as in module.named_parameters()
  torch::Tensor parameter;
  Role role;  // may be changed before groups are made from it
};

// In the order of module.parameters(), and like it including parameters that need no gradient.
std::vector<RoledParameter> roles(const torch::nn::Module& module);

// Returns first a group, which may be empty, with the chain `base` and everything that no group names, then
// those of `groups` in order. Each specifies all of its knobs, so that no defaults of the optimizer apply.
// Throws InputError as `chain_in` does, and for a group without parameters, naming the roles that exist.
std::vector<optim::OptimizerParamGroup> groups_by_role(std::span<const RoledParameter> parameters,
                                                       std::span<const RoleGroup> groups,
                                                       const kernels::Chain& base);
inline std::vector<optim::OptimizerParamGroup> groups_by_role(const torch::nn::Module& module,
                                                              std::string_view groups,
                                                              const kernels::Chain& base) {
  return groups_by_role(roles(module), parse_groups(groups), base);
}

}  // namespace basin::nn
