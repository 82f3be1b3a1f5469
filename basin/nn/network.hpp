// A network as libtorch runs it, and the one that is built from the layer-list language.
#pragma once
#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <string_view>
#include <vector>

#include "basin/network/layers.hpp"

namespace basin::nn {

// What can be trained here. A network of one's own derives from this and registers its parameters as with any module.
class Network : public torch::nn::Module {
 public:
  // inputs: examples first; images are examples x channels x height x width in channels-last memory.
  // Returns logits or predictions, examples x outputs.
  virtual torch::Tensor forward(torch::Tensor inputs) = 0;
  // Layer after layer, scales the weights until the outputs for these inputs have variance 1, as LSUV does (Mishkin &
  // Matas, All You Need Is a Good Init, ICLR 2016). Throws InputError where the layers are not known.
  virtual void scale_to_unit_variance(torch::Tensor inputs);
};

// The network of a list of layers, channels-last throughout. Weights are not initialised: see `initialize`.
//
// Departs  flatten lists features as height x width x channels, as Keras does and PyTorch does not: no copy is needed;
//          max-pool runs before a ReLU that is listed before it: the same values and gradients, a quarter of the work
std::shared_ptr<Network> make_network(const std::vector<Layer>& layers);

// Starts the weights of linear and convolutional layers (named ...weight, two dimensions or more) and their biases, with an
// initializer in the words of initializers.hpp. Each is drawn from (seed, replicate, its name) alone; everything else, scales
// and shifts of normalisation among it, stays as the network was made. `inputs`: some examples, for an initializer that looks
// at what flows (lsuv). Throws InputError for an unknown initializer, and where lsuv has nothing to look at.
void initialize(Network& network, std::string_view initializer, std::uint64_t seed, std::uint64_t replicate,
                const torch::Tensor& inputs = {});

std::int64_t parameter_count(const Network& network);

}  // namespace basin::nn
