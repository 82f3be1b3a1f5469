// Compiles the loops of a rule into its table. Included by the files that do so, with basin_add_rule's flags, and by
// nobody else.
#pragma once
#include <new>

#include "basin/kernels/loops.hpp"
#include "basin/kernels/table.hpp"

namespace basin::kernels {

template <Rule R>
R rule_of(const Settings& settings) {
  std::array<double, R::knob_names.size()> values;
  std::copy_n(settings.begin(), values.size(), values.begin());
  return std::bit_cast<R>(values);
}

template <Rule R, class T>
constexpr Kernel<T> kernel_of() {
  using L = Loops<R, T>;
  static_assert(sizeof(typename L::Formula) <= sizeof(Scalars) && std::is_trivially_copyable_v<typename L::Formula>);
  return {[](const Settings& settings, Step t, Scalars& out) {
            ::new (static_cast<void*>(out.bytes.data())) typename L::Formula(rule_of<R>(settings).template at<T>(t));
          },
          {&L::baseline, &L::avx2, &L::avx512}};
}

// Never inlined, so that the symbol is there for the files that only see the declaration.
template <Rule R>
[[gnu::noinline, gnu::used]] const Table& table_of() {
  static const Table table{info_of<R>(), [](const Settings& settings) { checked(rule_of<R>(settings)); },
                           [](const Settings& settings, std::size_t slot) {
                             return initial_of(rule_of<R>(settings), slot);
                           },
                           kernel_of<R, float>(), kernel_of<R, double>()};
  return table;
}

}  // namespace basin::kernels
