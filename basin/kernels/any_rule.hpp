// A rule chosen at run time, with its settings: what a parameter group holds.
#pragma once
#include <string_view>

#include "basin/kernels/configured.hpp"
#include "basin/kernels/slots.hpp"

namespace basin::kernels {

class AnyRule : public Configured<Table> {
 public:
  using Configured::Configured;
  // Throws InputError when a knob is outside its range.
  template <Rule R>
  explicit AnyRule(const R& rule) : AnyRule(table_of<R>(), settings_of(checked(rule))) {}
  // The rule of that name with its defaults. Throws InputError for an unknown name and for that of a chain.
  static AnyRule named(std::string_view name);

  std::size_t slot_count() const { return info().slots.size(); }
  double initial(std::size_t slot) const { return table().initial(settings(), slot); }
  double lr() const { return settings()[0]; }

  // Sets how the slots are kept in memory; native at first. Throws InputError for a rule over matrices.
  void store_slots(SlotFormat format);
  SlotFormat slot_format() const { return format_; }
  // Returns the format of one slot. Slots that hold weights, or an estimate of the curvature, stay native.
  SlotFormat slot_format(std::size_t slot) const;

  // Compares the rule, the settings and the slot formats.
  bool operator==(const AnyRule&) const = default;

 private:
  SlotFormat format_ = SlotFormat::native;
};

}  // namespace basin::kernels
