// An entry of a table, a rule or a link, with the values of its knobs: small, copyable, comparable.
#pragma once
#include <string_view>

#include "basin/kernels/table.hpp"

namespace basin::kernels {

template <class Entry>
class Configured {
 public:
  Configured(const Entry& entry, const KnobArray& settings) : table_(&entry), settings_(settings) {}
  // With the default of every knob.
  explicit Configured(const Entry& entry) : table_(&entry), settings_{} {
    std::ranges::transform(entry.info.knobs, settings_.begin(), &Knob::initial);
  }

  const auto& info() const { return table_->info; }
  const Entry& table() const { return *table_; }
  const KnobArray& settings() const { return settings_; }

  // Throw InputError for an unknown knob or a value outside its range; then nothing changes.
  double get(std::string_view knob) const { return settings_[index_of(knob)]; }
  void set(std::string_view knob, double value) {
    const std::size_t i = index_of(knob);
    check_range(info().name, knob, value, *info().knobs[i].range);
    settings_[i] = value;
  }

  // Same entry, same settings.
  bool operator==(const Configured&) const = default;

 private:
  std::size_t index_of(std::string_view knob) const { return knob_index(info().name, info().knobs, knob); }

  const Entry* table_;
  KnobArray settings_;
};

}  // namespace basin::kernels
