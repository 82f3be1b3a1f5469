// The weights of a network as values: kept in memory, written to and read from a safetensors file.
#pragma once
#include <torch/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "basin/nn/network.hpp"

namespace basin::train {

// Parameters and buffers by name, in the order of the network.
using Weights = std::vector<std::pair<std::string, torch::Tensor>>;

// A copy. Cost: one pass over the weights.
Weights snapshot(const nn::Network& network);
// Throws InputError when a name or a shape differs; then nothing changes.
void restore(nn::Network& network, const Weights& weights);

// Written beside the target, then renamed: a file of that name is whole. Throws Error.
void save(const std::filesystem::path& file, const Weights& weights);
// Throws InputError that names the file and says what is wrong with it.
Weights load(const std::filesystem::path& file);

}  // namespace basin::train
