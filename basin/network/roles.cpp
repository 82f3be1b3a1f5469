#include "basin/network/roles.hpp"

#include <algorithm>
#include <vector>

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

}  // namespace basin::nn
