// Named networks: a list of layers by a name and its sizes, "resnet 20".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basin/network/sizes.hpp"

namespace basin::nn {

struct NetworkInfo {
  std::string_view name, usage, title;
  networks::Example example;
};
// Returns every named network, in the order of the list.
const std::vector<NetworkInfo>& network_infos();

// Returns the layers of a named network in the language of layers.hpp, for inputs of shape `in`. A text that
// names no network is returned as it is. `outputs` is the number of classes or values; 0 leaves the word
// "outputs".
//
// Throws  InputError for what is not a size, for too many, and for an input that the network does not take
std::string expand_network(std::string_view text, const Shape& in, std::int64_t outputs);

}  // namespace basin::nn
