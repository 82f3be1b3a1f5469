// How libtorch computes a layer: its forward pass, made from the parameters that the layer declares.
//
// A file here defines, for one layer of network/layers/,
//   Stage stage(const Linear& layer, const Parts& parts);
//   constexpr bool owns_output(const Linear&) { return true; }   // optional: see below
#pragma once
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <functional>
#include <string>
#include <vector>

#include "basin/network/layers/all.hpp"
#include "basin/network/shape.hpp"

namespace basin::nn::layers {

using Stage = std::function<torch::Tensor(torch::Tensor)>;

struct Parts {
  Shape in, out;                       // of one example
  std::vector<torch::Tensor> weights;  // registered, in the order in which the layer declares them
  bool may_overwrite_input;            // no one else needs it: neither the caller nor a gradient
  const torch::nn::Module& network;    // outlives the stage; knows whether it is training
  // Registers a tensor that is stored but not trained, "norm1_running_mean" for "running_mean".
  std::function<torch::Tensor(const std::string& suffix, torch::Tensor)> buffer;
  Stage inside;  // the layers inside this one, if it contains layers
};

// Returns whether the output is memory of its own, which the layer's gradient does not need: the next layer
// may then overwrite it. False is always right.
template <class L>
constexpr bool owns_output(const L&) {
  return false;
}

// PyTorch's defaults.
inline constexpr double norm_momentum = 0.1, norm_eps = 1e-5;

}  // namespace basin::nn::layers
