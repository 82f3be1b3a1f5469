#include <torch/types.h>

#include "basin/nn/initializers.hpp"
#include "basin/nn/network.hpp"

namespace basin::nn {
namespace {

using Parameters = torch::OrderedDict<std::string, torch::Tensor>;

// Inputs and outputs of one unit, the kernel's area included.
std::int64_t fan_in(const torch::Tensor& weight) { return weight.numel() / weight.size(0); }
std::int64_t fan_out(const torch::Tensor& weight) { return weight.numel() / weight.size(1); }

// The weight that a bias belongs to: "linear3_bias" to "linear3_weight", "fc.bias" to "fc.weight".
const torch::Tensor* weight_of(const std::string& bias, const Parameters& parameters) {
  return parameters.find(bias.substr(0, bias.size() - 4) + "weight");
}

// Drawn in the order of a contiguous tensor, whatever the layout of the parameter.
template <class Fill>
void fill(torch::Tensor parameter, Fill&& draw) {
  torch::Tensor values = torch::empty(parameter.sizes(), torch::kFloat32);
  draw(std::span(values.data_ptr<float>(), static_cast<std::size_t>(values.numel())));
  parameter.copy_(values);
}

}  // namespace

void initialize(Network& network, std::string_view initializer, std::uint64_t seed, std::uint64_t replicate) {
  check_initializer(initializer);
  const torch::NoGradGuard no_gradients;
  const Parameters parameters = network.named_parameters();
  for (const auto& item : parameters) {
    const std::string& name = item.key();
    const torch::Tensor& parameter = item.value();
    basin::Stream random(seed, replicate, "init " + name);
    const torch::Tensor* weight = name.ends_with("bias") ? weight_of(name, parameters) : nullptr;
    if (name.ends_with("weight") && parameter.dim() >= 2) {
      fill(parameter, [&](std::span<float> values) {
        initialize_weight(initializer, values, fan_in(parameter), fan_out(parameter), random);
      });
    } else if (weight && weight->dim() >= 2) {
      fill(parameter,
           [&](std::span<float> values) { initialize_bias(initializer, values, fan_in(*weight), random); });
    }
  }
}

}  // namespace basin::nn
