// The role of a parameter in its network.
#pragma once
#include <array>
#include <string>
#include <string_view>

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

}  // namespace basin::nn
