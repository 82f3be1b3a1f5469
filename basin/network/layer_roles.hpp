// What a parameter is for in its network; and that of every parameter of a list of layers, which is known without building it.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basin/network/layers.hpp"

namespace basin::nn {

enum class Role { matrix, convolution, embedding, head, norm, bias };

struct RoleInfo {
  std::string_view name, title;
};
// Of each role, in the order of the enumeration.
inline constexpr std::array<RoleInfo, 6> role_infos{{
    {"matrix", "the weights of a linear, recurrent or attention layer that is hidden"},
    {"convolution", "the kernels of a convolution"},
    {"embedding", "a table with a row for each symbol"},
    {"head", "the weights of the last linear or convolutional layer"},
    {"norm", "scale and shift of a normalization; other scales"},
    {"bias", "what the other layers add"},
}};

std::string name_of(Role role);
// Throws InputError, "unknown role 'nrom'; did you mean 'norm'?".
Role role_named(std::string_view name);

struct LayerParameter {
  std::string name;  // as the network has it: "conv0_weight"
  Role role;
  std::int64_t weights;
};
// In the order of the network. The head is the last layer with weights that is linear or convolutional.
std::vector<LayerParameter> parameters_of(const std::vector<Layer>& layers);

}  // namespace basin::nn
