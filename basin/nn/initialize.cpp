#include <torch/types.h>
#include <torch/utils.h>

#include "basin/core/error.hpp"
#include "basin/nn/network.hpp"
#include "basin/optim/modes.hpp"

namespace basin::nn {
namespace {

using Parameters = torch::OrderedDict<std::string, torch::Tensor>;

WeightShape shape_of(const torch::Tensor& weight) {
  const std::int64_t outputs = weight.size(0), inputs = weight.size(1);
  return {outputs, inputs, weight.numel() / (outputs * inputs)};
}

bool is_weight(const std::string& name, const torch::Tensor& parameter) {
  return name.ends_with("weight") && parameter.dim() >= 2 && parameter.numel() > 0;
}

// Returns the name of the last layer's weight.
std::string head_of(const Parameters& parameters) {
  std::string last;
  for (const auto& item : parameters)
    if (is_weight(item.key(), item.value())) last = item.key();
  return last;
}

// Draws in the order of a contiguous tensor, whatever the layout of the parameter.
template <class Fill>
void fill(torch::Tensor parameter, Fill&& draw) {
  torch::Tensor values = torch::empty(parameter.sizes(), torch::kFloat32);
  draw(std::span(values.data_ptr<float>(), static_cast<std::size_t>(values.numel())));
  parameter.copy_(values);
}

}  // namespace

void initialize(Network& network, const Initialization& initialization, std::uint64_t seed,
                std::uint64_t replicate, const torch::Tensor& inputs) {
  const torch::NoGradGuard no_gradients;
  const Parameters parameters = network.named_parameters();
  const std::string head = head_of(parameters);
  const auto initializer_of = [&](const std::string& name, const torch::Tensor& weight) {
    return initialization.of(weight.dim() > 2, name == head);
  };
  for (const auto& item : parameters) {
    const std::string& name = item.key();
    const torch::Tensor& parameter = item.value();
    basin::Stream random(seed, replicate, "init " + name);
    if (is_weight(name, parameter)) {
      fill(parameter, [&](std::span<float> values) {
        initializer_of(name, parameter).fill_weight(values, shape_of(parameter), random);
      });
    } else if (name.ends_with("bias")) {
      const std::string weight_name = name.substr(0, name.size() - 4) + "weight";
      const torch::Tensor* weight = parameters.find(weight_name);
      if (!weight || !is_weight(weight_name, *weight)) continue;
      fill(parameter, [&](std::span<float> values) {
        initializer_of(weight_name, *weight).fill_bias(values, shape_of(*weight).fan_in(), random);
      });
    }
  }
  if (!initialization.looks_at_examples()) return;
  if (!inputs.defined()) throw InputError("lsuv: it needs examples, and none were given");
  const optim::KeepModes modes(network);
  network.eval();  // no masks, and no statistics that training would keep
  network.scale_to_unit_variance(inputs);
}

}  // namespace basin::nn
