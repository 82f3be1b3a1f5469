#include "basin/kernels/any_rule.hpp"

#include "basin/kernels/tables.hpp"

namespace basin::kernels {

AnyRule AnyRule::named(std::string_view name) { return AnyRule(find_table(name)); }

void AnyRule::store_slots(SlotFormat format) {
  if (format != SlotFormat::native && table().by_matrix)
    throw InputError(info().name +
                     " treats tensors as matrices and cannot keep its slots in fewer bits; leave '@" +
                     std::string(name_of(format)) + "' out");
  format_ = format;
}

SlotFormat AnyRule::slot_format(std::size_t slot) const {
  return format_ == SlotFormat::native || table().starts_as_weight(slot) || table().curvature == slot
             ? SlotFormat::native
             : format_;
}

}  // namespace basin::kernels
