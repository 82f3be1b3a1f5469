#include "basin/nn/network.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <functional>
#include <utility>

#include "basin/core/error.hpp"

namespace basin::nn {
namespace {

// One layer as a function, together with the parameters that it registered.
using Stage = std::function<torch::Tensor(torch::Tensor)>;

// max(relu(x)) = relu(max(x)), with the same gradients: the same element of a window passes, if any does.
std::vector<Layer> pooled_first(std::vector<Layer> layers) {
  for (std::size_t i = 0; i + 1 < layers.size(); ++i)
    if (layers[i].kind == Kind::relu && layers[i + 1].kind == Kind::max_pool)
      std::swap(layers[i], layers[i + 1]);
  return layers;
}

// tanh and sigmoid need their own output for the gradient, and the network must not change its input.
bool may_overwrite_output_of(const std::vector<Layer>& layers, std::size_t i) {
  return i > 0 && layers[i - 1].kind != Kind::tanh && layers[i - 1].kind != Kind::sigmoid;
}

// PyTorch's defaults.
constexpr double norm_momentum = 0.1, norm_eps = 1e-5;

class LayerNetwork : public Network {
 public:
  explicit LayerNetwork(const std::vector<Layer>& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i)
      push(stage(layers[i], may_overwrite_output_of(layers, i)));
  }
  torch::Tensor forward(torch::Tensor x) override {
    for (const Stage& stage : stages_) x = stage(std::move(x));
    return x;
  }
  void scale_to_unit_variance(torch::Tensor x) override {
    constexpr int most_tries = 10;     // Tmax in the paper
    constexpr double tolerance = 0.1;  // Tol_var in the paper
    const torch::NoGradGuard no_gradients;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      for (int tries = 0; weights_[i].defined() && tries < most_tries; ++tries) {
        const double variance = stages_[i](x).var().item<double>();
        if (std::abs(variance - 1) < tolerance || !(variance > 0)) break;
        weights_[i].div_(std::sqrt(variance));
      }
      x = stages_[i](x.clone(at::MemoryFormat::Preserve));
    }
  }

 private:
  Stage stage(const Layer& layer, bool in_place) {
    switch (layer.kind) {
      case Kind::conv:
        return convolution(layer);
      case Kind::linear:
        return linear(layer);
      case Kind::batch_norm:
        return batch_norm(layer);
      case Kind::layer_norm:
        return layer_norm(layer);
      case Kind::group_norm:
        return group_norm(layer);
      case Kind::relu:
        return [in_place](torch::Tensor x) { return in_place ? x.relu_() : x.relu(); };
      case Kind::tanh:
        return [](torch::Tensor x) { return x.tanh(); };
      case Kind::sigmoid:
        return [](torch::Tensor x) { return x.sigmoid(); };
      case Kind::max_pool:
        return [k = layer.kernel](torch::Tensor x) { return torch::max_pool2d(x, {k, k}); };
      case Kind::dropout:
        return [this, p = layer.probability](torch::Tensor x) { return torch::dropout(x, p, is_training()); };
      case Kind::flatten:
        return [](torch::Tensor x) {
          return x.dim() == 4 ? x.permute({0, 2, 3, 1}).reshape({x.size(0), -1}) : x.flatten(1);
        };
    }
    throw Error("a kind of layer that is not built");
  }

  Stage convolution(const Layer& layer) {
    const std::int64_t k = layer.kernel, padding = layer.same ? k / 2 : 0;
    const auto shape = torch::zeros({layer.units, layer.in.channels, k, k});
    auto weight =
        register_parameter(layer.name() + "_weight", shape.contiguous(at::MemoryFormat::ChannelsLast));
    auto bias = register_parameter(layer.name() + "_bias", torch::zeros({layer.units}));
    weight_ = weight;
    return [weight, bias, padding](torch::Tensor x) { return torch::conv2d(x, weight, bias, 1, padding); };
  }

  Stage linear(const Layer& layer) {
    auto weight =
        register_parameter(layer.name() + "_weight", torch::zeros({layer.units, layer.in.channels}));
    auto bias = register_parameter(layer.name() + "_bias", torch::zeros({layer.units}));
    weight_ = weight;
    return [weight, bias](torch::Tensor x) { return torch::linear(x, weight, bias); };
  }

  // Registers scale and shift of each channel.
  std::pair<torch::Tensor, torch::Tensor> affine(const Layer& layer) {
    auto scale = register_parameter(layer.name() + "_weight", torch::ones({layer.in.channels}));
    return {scale, register_parameter(layer.name() + "_bias", torch::zeros({layer.in.channels}))};
  }

  // Over the channels of each position, as in Keras: a view of channels-last memory.
  Stage layer_norm(const Layer& layer) {
    return [affine = affine(layer), channels = layer.in.channels](torch::Tensor x) {
      const bool image = x.dim() == 4;
      if (image) x = x.permute({0, 2, 3, 1});
      x = torch::layer_norm(x, {channels}, affine.first, affine.second, norm_eps);
      return image ? x.permute({0, 3, 1, 2}) : x;
    };
  }

  Stage group_norm(const Layer& layer) {
    return [affine = affine(layer), groups = layer.units](torch::Tensor x) {
      return torch::group_norm(x, groups, affine.first, affine.second, norm_eps);
    };
  }

  Stage batch_norm(const Layer& layer) {
    const auto [scale, shift] = affine(layer);
    auto mean = register_buffer(layer.name() + "_running_mean", torch::zeros({layer.in.channels}));
    auto variance = register_buffer(layer.name() + "_running_var", torch::ones({layer.in.channels}));
    return [this, scale = scale, shift = shift, mean, variance](torch::Tensor x) {
      return torch::batch_norm(x, scale, shift, mean, variance, is_training(), norm_momentum, norm_eps,
                               false);
    };
  }

  void push(Stage stage) {
    stages_.push_back(std::move(stage));
    weights_.push_back(std::exchange(weight_, {}));
  }

  std::vector<Stage> stages_;
  std::vector<torch::Tensor> weights_;  // of each stage, undefined if it has none
  torch::Tensor weight_;                // of the stage being built
};

}  // namespace

void Network::scale_to_unit_variance(torch::Tensor) {
  throw InputError("lsuv: it needs a network whose layers are known; this one builds itself");
}

std::shared_ptr<Network> make_network(const std::vector<Layer>& layers) {
  return std::make_shared<LayerNetwork>(pooled_first(layers));
}

std::int64_t parameter_count(const Network& network) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

}  // namespace basin::nn
