// The weights of a network as values: kept in memory, written to and read from a safetensors file.
#pragma once
#include <torch/types.h>

#include <filesystem>

#include "basin/nn/network.hpp"
#include "basin/train/tensor_file.hpp"

namespace basin::train {

// Parameters and buffers by name.
using Weights = NamedTensors;

// The network's own tensors.
Weights views(const nn::Network& network);
// A copy, in the order of the network. Cost: one pass over the weights.
Weights snapshot(const nn::Network& network);
// Throws InputError when a name or a shape differs; then nothing changes.
void restore(nn::Network& network, const Weights& weights);

// Floating-point weights as float32. Written as a whole or not at all (core/whole_file.hpp). Throws Error.
void save(const std::filesystem::path& file, const Weights& weights);
// Throws InputError that names the file and says what is wrong with it.
Weights load(const std::filesystem::path& file);

}  // namespace basin::train
