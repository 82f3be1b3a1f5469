// A rule chosen at run time, with its settings: what a parameter group holds. Small, copyable, comparable.
#pragma once
#include <string_view>

#include "basin/kernels/slots.hpp"
#include "basin/kernels/table.hpp"

namespace basin::kernels {

class AnyRule {
 public:
  // Throws InputError when a knob is outside its range.
  template <Rule R>
  explicit AnyRule(const R& rule) : AnyRule(table_of<R>(), settings_of(checked(rule))) {}
  AnyRule(const Table& table, const Settings& settings) : table_(&table), settings_(settings) {}
  // The rule of that name with its defaults. Throws InputError for an unknown name and for that of a chain.
  static AnyRule named(std::string_view name);

  const RuleInfo& info() const { return table_->info; }
  const Table& table() const { return *table_; }
  const Settings& settings() const { return settings_; }
  std::size_t slot_count() const { return table_->info.slots.size(); }
  double initial(std::size_t slot) const { return table_->initial(settings_, slot); }

  double lr() const { return settings_[0]; }
  // Throw InputError for an unknown knob or a value outside its range; then nothing changes.
  double get(std::string_view knob) const;
  void set(std::string_view knob, double value);

  // How its slots are kept in memory; native at first. Throws InputError for a rule that goes over matrices.
  void store_slots(SlotFormat format);
  SlotFormat slot_format() const { return format_; }
  // Of one slot: those that hold weights, or an estimate of the curvature, stay native.
  SlotFormat slot_format(std::size_t slot) const;

  // Same rule, same settings, slots kept alike.
  bool operator==(const AnyRule&) const = default;

 private:
  const Table* table_;
  Settings settings_;
  SlotFormat format_ = SlotFormat::native;
};

}  // namespace basin::kernels
