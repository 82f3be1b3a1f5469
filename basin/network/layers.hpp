// The layer-list language: a network in one line of text.
//
//   conv 16 3x3 same, relu, max-pool 2, flatten, linear 128, relu, dropout 0.5, linear 10
//
//   embedding 64, repeat 2 ( residual ( layer-norm, lstm 64 ) ), linear outputs
//
// Accepts  the layers of layers/all.hpp, each as its usage says, separated by commas; repeat N ( LAYERS );
//          `outputs` in the place of a number is the number of outputs. At most 1000 layers, 10 deep
// Refuses  anything else with InputError: which layer, what is wrong, what would be right
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basin/network/layers/all.hpp"
#include "basin/network/shape.hpp"
#include "basin/network/weight.hpp"

namespace basin::nn {

struct Layer {
  layers::Any what;
  std::size_t number = 0;            // position in the network, from 0: names its parameters
  Shape in, out;                     // of one example
  std::vector<Weight> weights = {};  // its own
  std::vector<Layer> inside = {};    // of a layer around others

  template <class L>
  bool is() const {
    return std::holds_alternative<L>(what);
  }
  // Requires is<L>().
  template <class L>
  const L& as() const {
    return std::get<L>(what);
  }
  // The prefix of its parameters' names: "conv0", "linear3", "norm1". Requires that it has parameters.
  std::string name() const;
  // Returns whether its first weight is the head, if no other layer follows that could be it.
  bool may_be_head() const;
};

// Returns the layers with their shapes, for inputs of shape `in`. `outputs` is what the word "outputs" stands
// for; 0 if it is not known.
std::vector<Layer> parse_layers(std::string_view text, const Shape& in, std::int64_t outputs = 0);
// Returns how many trainable weights there are.
std::int64_t parameter_count(const Layer& layer);
std::int64_t parameter_count(const std::vector<Layer>& layers);

struct LayerInfo {
  std::string_view name, usage, title;
};
// Returns every layer, in the order of the list.
const std::vector<LayerInfo>& layer_infos();

}  // namespace basin::nn
