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

void AnyRule::store_slots(SlotFormat format) {
  if (format != SlotFormat::native && table_->by_matrix)
    throw InputError(info().name +
                     " goes over tensors as matrices and keeps its slots as they are; leave '@" +
                     std::string(name_of(format)) + "' out");
  format_ = format;
}

SlotFormat AnyRule::slot_format(std::size_t slot) const {
  return table_->starts_as_weight(slot) || table_->curvature == slot ? SlotFormat::native : format_;
}

}  // namespace basin::kernels
