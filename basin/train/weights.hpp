// The weights of a network as values: kept in memory, written to and read from a safetensors file.
#pragma once
#include <torch/types.h>

#include <filesystem>

#include "basin/nn/network.hpp"
#include "basin/train/tensor_file.hpp"

namespace basin::train {

// Parameters and buffers by name.
using Weights = NamedTensors;

// Returns the network's own tensors.
Weights views(const nn::Network& network);
// Returns a copy, in the order of the network. Cost: one pass over the weights.
Weights snapshot(const nn::Network& network);
// Throws InputError if a name or a shape differs; nothing changes then.
void restore(nn::Network& network, const Weights& weights);

// Saves floating-point weights as float32. Writes the whole file or nothing (core/whole_file.hpp). Throws
// Error.
void save(const std::filesystem::path& file, const Weights& weights);
// Throws InputError that names the file and says what is wrong with it.
Weights load(const std::filesystem::path& file);

}  // namespace basin::train
