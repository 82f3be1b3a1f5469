// The role of a parameter in its network, and the roles of all parameters of a list of layers, without
// building it.
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
// One for each role, in the order of the enumeration.
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
  std::string name;  // as in the network: "conv0_weight"
  Role role;
  std::int64_t weights;
};
// In the order of the network. The head is the last linear or convolutional layer.
std::vector<LayerParameter> parameters_of(const std::vector<Layer>& layers);

}  // namespace basin::nn
