#include "basin/nn/network.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/nn/layers/all.hpp"

namespace basin::nn {
namespace {

using layers::Stage;

// max(relu(x)) = relu(max(x)), with the same gradients: the same element of a window passes, if any does.
std::vector<Layer> pooled_first(std::vector<Layer> list) {
  for (std::size_t i = 0; i + 1 < list.size(); ++i)
    if (list[i].is<layers::Relu>() && list[i + 1].is<layers::MaxPool>()) std::swap(list[i], list[i + 1]);
  for (Layer& layer : list) layer.inside = pooled_first(std::move(layer.inside));
  return list;
}

bool owns_its_output(const Layer& layer) {
  return std::visit([](const auto& what) { return layers::owns_output(what); }, layer.what);
}

// A layer that was built.
struct Step {
  Stage stage;
  torch::Tensor weight;           // of a linear or convolutional layer
  std::vector<Step> inside = {};  // of a layer around others
};

torch::Tensor through(const std::vector<Step>& steps, torch::Tensor x) {
  for (const Step& step : steps) x = step.stage(std::move(x));
  return x;
}

class LayerNetwork : public Network {
 public:
  explicit LayerNetwork(const std::vector<Layer>& list)
      : declared_(parameters_of(list)), steps_(built(pooled_first(list))) {}
  torch::Tensor forward(torch::Tensor x) override { return through(steps_, std::move(x)); }
  std::span<const LayerParameter> declared() const override { return declared_; }
  void scale_to_unit_variance(torch::Tensor x) override {
    const torch::NoGradGuard no_gradients;
    scale(steps_, std::move(x));
  }

 private:
  // Returns the output.
  static torch::Tensor scale(std::vector<Step>& steps, torch::Tensor x) {
    constexpr int most_tries = 10;     // Tmax in the paper
    constexpr double tolerance = 0.1;  // Tol_var in the paper
    for (Step& step : steps) {
      scale(step.inside, x);
      for (int tries = 0; step.weight.defined() && tries < most_tries; ++tries) {
        const double variance = step.stage(x).var().item<double>();
        if (std::abs(variance - 1) < tolerance || !(variance > 0)) break;
        step.weight.div_(std::sqrt(variance));
      }
      x = step.stage(x.clone(at::MemoryFormat::Preserve));
    }
    return x;
  }

  // The first layer must not change its input: that is the caller's.
  std::vector<Step> built(const std::vector<Layer>& list) {
    std::vector<Step> out;
    for (std::size_t i = 0; i < list.size(); ++i)
      out.push_back(built(list[i], i > 0 && owns_its_output(list[i - 1])));
    return out;
  }

  Step built(const Layer& layer, bool may_overwrite_input) {
    layers::Parts parts{.in = layer.in,
                        .out = layer.out,
                        .weights = {},
                        .may_overwrite_input = may_overwrite_input,
                        .network = *this,
                        .buffer = {},
                        .inside = {}};
    for (const Weight& weight : layer.weights) parts.weights.push_back(registered(layer, weight));
    parts.buffer = [&](const std::string& suffix, torch::Tensor value) {
      return register_buffer(layer.name() + "_" + suffix, std::move(value));
    };
    Step step{{}, layer.may_be_head() ? parts.weights[0] : torch::Tensor(), built(layer.inside)};
    if (!step.inside.empty())
      parts.inside = [inside = step.inside](torch::Tensor x) { return through(inside, std::move(x)); };
    step.stage = std::visit([&](const auto& what) { return layers::stage(what, parts); }, layer.what);
    return step;
  }

  // Images are channels-last, and kernels like them.
  torch::Tensor registered(const Layer& layer, const Weight& weight) {
    const bool constant = weight.initial.kind == Initial::Kind::constant;
    torch::Tensor value = torch::full(weight.shape, constant ? weight.initial.number : 0.0, torch::kFloat32);
    if (value.dim() == 4) value = value.contiguous(at::MemoryFormat::ChannelsLast);
    return register_parameter(layer.name() + "_" + weight.suffix, value);
  }

  std::vector<LayerParameter> declared_;
  std::vector<Step> steps_;
};

}  // namespace

void Network::scale_to_unit_variance(torch::Tensor) {
  throw InputError("lsuv: it needs a network whose layers are known; this one builds itself");
}

std::shared_ptr<Network> make_network(const std::vector<Layer>& list) {
  return std::make_shared<LayerNetwork>(list);
}

std::int64_t parameter_count(const Network& network) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

}  // namespace basin::nn
