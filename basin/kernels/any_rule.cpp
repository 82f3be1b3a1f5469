#include "basin/kernels/any_rule.hpp"

#include "basin/kernels/tables.hpp"

namespace basin::kernels {

AnyRule AnyRule::named(std::string_view name) {
  const Table& table = find_table(name);
  Settings defaults{};
  std::ranges::transform(table.info.knobs, defaults.begin(), &Knob::initial);
  return {table, defaults};
}

double AnyRule::get(std::string_view knob) const {
  return settings_[knob_index(info().name, info().knobs, knob)];
}

void AnyRule::set(std::string_view knob, double value) {
  const std::size_t i = knob_index(info().name, info().knobs, knob);
  check_range(info().name, knob, value, *info().knobs[i].range);
  settings_[i] = value;
}

}  // namespace basin::kernels
