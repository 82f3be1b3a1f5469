#include "basin/network/layer_roles.hpp"

#include <algorithm>
#include <optional>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin::nn {

std::string name_of(Role role) { return std::string(role_infos.at(static_cast<std::size_t>(role)).name); }

Role role_named(std::string_view name) {
  const auto found = std::ranges::find(role_infos, name, &RoleInfo::name);
  if (found != role_infos.end()) return static_cast<Role>(found - role_infos.begin());
  std::vector<std::string> known;
  for (const RoleInfo& info : role_infos) known.emplace_back(info.name);
  throw InputError(unknown("role", name, known));
}

std::vector<LayerParameter> parameters_of(const std::vector<Layer>& layers) {
  std::vector<LayerParameter> out;
  std::optional<std::size_t> head;
  for (const Layer& layer : layers) {
    if (layer.parameters == 0) continue;
    const bool weighs = layer.kind == Kind::conv || layer.kind == Kind::linear;
    const std::int64_t added = weighs ? layer.units : layer.in.channels;
    if (weighs) head = out.size();
    const Role role = !weighs ? Role::norm : layer.kind == Kind::conv ? Role::convolution : Role::matrix;
    out.push_back({layer.name() + "_weight", role, layer.parameters - added});
    out.push_back({layer.name() + "_bias", weighs ? Role::bias : Role::norm, added});
  }
  if (head) out[*head].role = Role::head;
  return out;
}

}  // namespace basin::nn
