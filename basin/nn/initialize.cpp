#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/network/initial_values.hpp"
#include "basin/nn/network.hpp"
#include "basin/optim/modes.hpp"

namespace basin::nn {
namespace {

using Parameters = torch::OrderedDict<std::string, torch::Tensor>;

LayerParameter declared(const std::string& name, const torch::Tensor& parameter, Role role, Initial initial) {
  return {name, role, parameter.numel(), parameter.sizes().vec(), initial};
}

// Declares what is named ...weight, and its bias, of a network that builds itself. The last one is the head.
std::vector<LayerParameter> guessed(const Parameters& parameters) {
  std::vector<LayerParameter> out;
  std::size_t head = 0;
  for (const auto& item : parameters) {
    const std::string& name = item.key();
    const torch::Tensor& weight = item.value();
    if (!name.ends_with("weight") || weight.dim() < 2 || weight.numel() == 0) continue;
    head = out.size();
    out.push_back(declared(name, weight, Role::matrix, Initial::drawn()));
    const std::string bias = name.substr(0, name.size() - 6) + "bias";
    if (const torch::Tensor* found = parameters.find(bias))
      out.push_back(declared(bias, *found, Role::bias, Initial::bias(weight.numel() / weight.size(0))));
  }
  if (!out.empty()) out[head].role = Role::head;
  return out;
}

// Draws in the order of a contiguous tensor, whatever the layout of the parameter.
void fill(torch::Tensor parameter, const LayerParameter& declared, const Initializer& initializer,
          basin::Stream random) {
  torch::Tensor values = torch::empty(parameter.sizes(), torch::kFloat32);
  const std::span all(values.data_ptr<float>(), static_cast<std::size_t>(values.numel()));
  fill_initial(all, declared, initializer, random);
  parameter.copy_(values);
}

}  // namespace

void initialize(Network& network, const Initialization& initialization, std::uint64_t seed,
                std::uint64_t replicate, const torch::Tensor& inputs) {
  const torch::NoGradGuard no_gradients;
  const Parameters parameters = network.named_parameters();
  std::vector<LayerParameter> all(network.declared().begin(), network.declared().end());
  if (all.empty()) all = guessed(parameters);
  const Initializer* initializer = &initialization.all;  // of the last weight, and so of its bias
  for (const LayerParameter& p : all) {
    if (p.initial.kind == Initial::Kind::constant) continue;
    if (p.initial.kind == Initial::Kind::drawn)
      initializer = &initialization.of(p.shape.size() > 2, p.role == Role::head);
    fill(parameters[p.name], p, *initializer, basin::Stream(seed, replicate, "init " + p.name));
  }
  if (!initialization.looks_at_examples()) return;
  if (!inputs.defined()) throw InputError("lsuv: it needs examples, and none were given");
  const optim::KeepModes modes(network);
  network.eval();  // no masks, and no statistics that training would keep
  network.scale_to_unit_variance(inputs);
}

}  // namespace basin::nn
