#include "basin/kernels/any_rule.hpp"

#include "basin/kernels/tables.hpp"

namespace basin::kernels {

AnyRule AnyRule::named(std::string_view name) {
  const Table& table = find_table(name);
  Settings defaults{};
  std::ranges::transform(table.info.knobs, defaults.begin(), &Knob::initial);
  return {table, defaults};
}

std::size_t AnyRule::index_of(std::string_view knob) const {
  const auto& knobs = info().knobs;
  const auto at = std::ranges::find(knobs, knob, &Knob::name);
  if (at == knobs.end()) {
    std::vector<std::string_view> known;
    std::ranges::transform(knobs, std::back_inserter(known), &Knob::name);
    no_such_knob(info().name, knob, known);
  }
  return static_cast<std::size_t>(at - knobs.begin());
}

void AnyRule::set(std::string_view knob, double value) {
  const std::size_t i = index_of(knob);
  check_range(info().name, knob, value, *info().knobs[i].range);
  settings_[i] = value;
}

}  // namespace basin::kernels
