// A network for libtorch, and the one that is built from the layer-list language.
#pragma once
#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "basin/network/initializers.hpp"
#include "basin/network/layer_roles.hpp"
#include "basin/network/layers.hpp"

namespace basin::nn {

// A trainable network. A user's own network derives from this and registers its parameters as in any module.
class Network : public torch::nn::Module {
 public:
  // inputs: examples first; images are examples x channels x height x width in channels-last memory. Returns
  // logits or predictions, examples x outputs.
  virtual torch::Tensor forward(torch::Tensor inputs) = 0;
  // Scales the weights, layer by layer, until the outputs for these inputs have variance 1, as LSUV does
  // (Mishkin & Matas, All You Need Is a Good Init, ICLR 2016). Throws InputError if the layers are not known.
  virtual void scale_to_unit_variance(torch::Tensor inputs);
  // Returns the parameters, in the order of parameters(), as their layers declare them; nothing if the layers
  // are not known.
  virtual std::span<const LayerParameter> declared() const { return {}; }
};

// Builds the network of a list of layers, channels-last throughout. Does not initialise weights: see
// `initialize`.
//
// Departs  flatten lists features as height x width x channels, as Keras does and PyTorch does not, to avoid
//          a copy; max-pool runs before a ReLU that is listed before it: the same values and gradients, a
//          quarter of the work
std::shared_ptr<Network> make_network(const std::vector<Layer>& layers);

// Gives every parameter its initial value. Each is a function of (seed, replicate, its name) alone.
//
// Layers   as they declare it: matrices, kernels and biases by an initializer as in initializers.hpp, scales
//          and shifts as the network was made, embeddings their own way. `default` is what PyTorch does
// Others   in a network that builds itself, what is named ...weight and has two dimensions or more, and its
//          bias, by the initializer; the rest stays as the network was made
// Inputs   some examples, for an initializer that needs activations (lsuv)
// Throws  InputError for an unknown initializer, and for lsuv without inputs
void initialize(Network& network, const Initialization& initialization, std::uint64_t seed,
                std::uint64_t replicate, const torch::Tensor& inputs = {});
inline void initialize(Network& network, std::string_view initializer, std::uint64_t seed,
                       std::uint64_t replicate, const torch::Tensor& inputs = {}) {
  initialize(network, Initialization::parse(initializer), seed, replicate, inputs);
}

std::int64_t parameter_count(const Network& network);

}  // namespace basin::nn
