#include "basin/nn/module_roles.hpp"

#include <torch/nn/modules.h>
#include <torch/types.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "basin/nn/network.hpp"

namespace basin::nn {
namespace {

using namespace torch::nn;

// The known kinds of modules.
enum class Family { linear, convolution, embedding, norm, recurrent, attention, transformer, unknown };

template <class... M>
bool is_one_of(const Module& module) {
  return (dynamic_cast<const M*>(&module) || ...);
}

Family family_of(const Module& m) {
  if (is_one_of<LinearImpl, BilinearImpl>(m)) return Family::linear;
  if (is_one_of<Conv1dImpl, Conv2dImpl, Conv3dImpl, ConvTranspose1dImpl, ConvTranspose2dImpl,
                ConvTranspose3dImpl>(m))
    return Family::convolution;
  if (is_one_of<EmbeddingImpl, EmbeddingBagImpl>(m)) return Family::embedding;
  if (is_one_of<BatchNorm1dImpl, BatchNorm2dImpl, BatchNorm3dImpl, InstanceNorm1dImpl, InstanceNorm2dImpl,
                InstanceNorm3dImpl, LayerNormImpl, GroupNormImpl>(m))
    return Family::norm;
  if (is_one_of<RNNImpl, LSTMImpl, GRUImpl, RNNCellImpl, LSTMCellImpl, GRUCellImpl>(m))
    return Family::recurrent;
  if (is_one_of<MultiheadAttentionImpl>(m)) return Family::attention;
  if (is_one_of<TransformerEncoderLayerImpl, TransformerDecoderLayerImpl>(m)) return Family::transformer;
  return Family::unknown;
}

bool contains(const std::string& text, std::string_view word) { return text.find(word) != text.npos; }

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Returns whether at most one dimension has an extent above 1.
bool is_of_one_extent(const torch::Tensor& parameter) {
  return std::ranges::count_if(parameter.sizes(), [](std::int64_t extent) { return extent > 1; }) <= 1;
}

Role guessed(const std::string& module, const std::string& name, const torch::Tensor& parameter) {
  const std::string own = lower(name), both = lower(module) + "." + own;
  if (contains(both, "norm") && is_of_one_extent(parameter)) return Role::norm;
  if (contains(own, "bias")) return Role::bias;
  if (contains(both, "embed")) return Role::embedding;
  if (parameter.dim() < 2) return Role::norm;
  return parameter.dim() == 2 ? Role::matrix : Role::convolution;
}

Role role_in(Family family, const std::string& module, const std::string& name,
             const torch::Tensor& parameter) {
  if (family == Family::norm) return Role::norm;
  if (family == Family::embedding) return Role::embedding;
  if (family == Family::unknown || family == Family::transformer) return guessed(module, name, parameter);
  if (contains(name, "bias")) return Role::bias;
  return family == Family::convolution ? Role::convolution : Role::matrix;
}

bool is_weight_of_layer(Role role) { return role == Role::matrix || role == Role::convolution; }

// Visits modules in the order of registration, each before those inside it.
class Walk {
 public:
  // `within`: inside a module whose layers cannot be a head.
  void visit(const Module& module, const std::string& prefix, const std::string& name, bool within) {
    const Family family = family_of(module);
    within |= family == Family::recurrent || family == Family::attention || family == Family::transformer;
    for (const auto& item : module.named_parameters(/*recurse=*/false)) {
      const Role role = role_in(family, name, item.key(), item.value());
      if (!within && is_weight_of_layer(role) && item.key().ends_with("weight")) head_ = item.value();
      add(prefix + item.key(), item.value(), role);
    }
    for (const auto& item : module.named_children())
      visit(*item.value(), prefix + item.key() + ".", item.key(), within);
  }
  std::vector<RoledParameter> found() {
    if (head_.defined()) {
      RoledParameter& head = found_[at_.at(head_.unsafeGetTensorImpl())];
      if (is_weight_of_layer(head.role)) head.role = Role::head;
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& name, const torch::Tensor& parameter, Role role) {
    const auto [place, is_new] = at_.try_emplace(parameter.unsafeGetTensorImpl(), found_.size());
    if (is_new)
      found_.push_back({name, parameter, role});
    else if (role == Role::embedding)
      found_[place->second].role = role;
  }

  std::vector<RoledParameter> found_;
  std::map<const void*, std::size_t> at_;  // index in found_
  torch::Tensor head_;                     // the last one so far
};

std::vector<RoledParameter> declared_roles(const Network& network) {
  const auto parameters = network.named_parameters();
  std::vector<RoledParameter> out;
  for (const LayerParameter& declared : network.declared())
    out.push_back({declared.name, parameters[declared.name], declared.role});
  return out;
}

optim::OptimizerParamGroup group_with(std::vector<torch::Tensor> parameters, kernels::Chain chain) {
  return {std::move(parameters), std::make_unique<optim::Options>(std::move(chain))};
}

}  // namespace

std::vector<RoledParameter> roles(const torch::nn::Module& module) {
  if (const auto* network = dynamic_cast<const Network*>(&module); network && !network->declared().empty())
    return declared_roles(*network);
  Walk walk;
  walk.visit(module, "", "", false);
  return walk.found();
}

std::vector<optim::OptimizerParamGroup> groups_by_role(std::span<const RoledParameter> parameters,
                                                       std::span<const RoleGroup> groups,
                                                       const kernels::Chain& base) {
  std::vector<std::vector<torch::Tensor>> members(groups.size() + 1);
  std::vector<Role> there;
  for (const RoledParameter& p : parameters) {
    members[group_of(groups, p.role)].push_back(p.parameter);
    there.push_back(p.role);
  }
  check_inhabited(groups, there);
  std::vector<optim::OptimizerParamGroup> out{group_with(std::move(members[0]), base)};
  for (std::size_t g = 0; g < groups.size(); ++g)
    out.push_back(group_with(std::move(members[g + 1]), groups[g].chain_in(base)));
  return out;
}

}  // namespace basin::nn
