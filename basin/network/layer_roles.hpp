// The parameters of a list of layers and their roles, without building it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "basin/network/layers.hpp"
#include "basin/network/roles.hpp"

namespace basin::nn {

struct LayerParameter {
  std::string name;  // as in the network: "conv0_weight"
  Role role;
  std::int64_t weights;
  std::vector<std::int64_t> shape;
  Initial initial;
};
// In the order of the network: each layer's own, then those of the layers inside it. The head is the last
// linear or convolutional layer that is in no other layer.
std::vector<LayerParameter> parameters_of(const std::vector<Layer>& layers);

}  // namespace basin::nn
