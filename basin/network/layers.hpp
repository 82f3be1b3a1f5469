// The layer-list language: a network in one line of text.
//
//   conv 16 3x3 same, relu, max-pool 2, flatten, linear 128, relu, dropout 0.5, linear 10
//
// Accepts  conv CHANNELS KxK [same|valid], linear UNITS, batch-norm, layer-norm, group-norm GROUPS, relu,
//          tanh, sigmoid, max-pool K, dropout P, flatten
// Refuses  anything else with InputError: which layer, what is wrong, what would be right
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace basin::nn {

// height x width x channels between two layers; {1, 1, features} after flatten.
struct Shape {
  std::int64_t height = 1, width = 1, channels = 1;
  std::int64_t size() const { return height * width * channels; }
};

enum class Kind {
  conv,
  linear,
  batch_norm,
  layer_norm,
  group_norm,
  relu,
  tanh,
  sigmoid,
  max_pool,
  dropout,
  flatten
};

struct Layer {
  Kind kind;
  std::size_t number = 0;       // position in the text, from 0: names its parameters
  std::int64_t units = 0;       // conv: output channels; linear: outputs; group-norm: groups
  std::int64_t kernel = 0;      // conv, max-pool: edge of the square window
  bool same = false;            // conv: padded to keep height and width
  double probability = 0;       // dropout
  Shape in, out;                // set by `parse_layers`
  std::int64_t parameters = 0;  // trainable weights

  // The prefix of its parameters' names: "conv0", "linear3", "norm1". Requires that it has parameters.
  std::string name() const;
};

// Returns the layers with their shapes, for inputs of shape `in`.
std::vector<Layer> parse_layers(std::string_view text, Shape in);
std::int64_t parameter_count(const std::vector<Layer>& layers);

}  // namespace basin::nn
