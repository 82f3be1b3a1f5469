#include "basin/rules/catalogue.hpp"

#include "basin/rules/rules.hpp"

namespace basin {

std::span<const RuleInfo> catalogue() {
  static const std::vector<RuleInfo> infos = [] {
    std::vector<RuleInfo> out;
    rules::All::each([&]<class R> { out.push_back(info_of<R>()); });
    return out;
  }();
  return infos;
}

const RuleInfo& find_rule(std::string_view name) {
  std::vector<std::string> known;
  for (const RuleInfo& info : catalogue()) {
    if (info.name == name) return info;
    known.push_back(info.name);
  }
  throw InputError(unknown("optimizer", name, known));
}

}  // namespace basin
