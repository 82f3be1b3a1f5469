// Compiles the loops of every rule in rules.hpp: the only file of this tree that does.
#include "basin/kernels/tables.hpp"

#include "basin/kernels/compile.hpp"
#include "basin/rules/rules.hpp"

namespace basin::kernels {
namespace {

template <class... R>
std::array<const Table*, sizeof...(R)> tables_of(List<R...>) {
  return {&table_of<R>()...};
}

template <class T>
struct DescendBody {
  [[gnu::always_inline]] static inline void run(T lr, std::size_t n, T* x, const T* u) {
    descend(lr, n, x, u);
  }
  [[gnu::always_inline]] static inline void descend(T lr, std::size_t n, T* __restrict x,
                                                    const T* __restrict u) {
    BASIN_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) x[i] -= lr * u[i];
  }
};

}  // namespace

template <class T>
Descend<T> descend_loop(Isa isa) {
  return PerIsa<DescendBody<T>, void(T, std::size_t, T*, const T*)>::table[static_cast<std::size_t>(isa)];
}
template Descend<float> descend_loop<float>(Isa);
template Descend<double> descend_loop<double>(Isa);

const Table& find_table(std::string_view name) {
  static const auto tables = tables_of(rules::Every{});
  const auto found =
      std::ranges::find_if(tables, [&](const Table* table) { return table->info.name == name; });
  if (found != tables.end()) return **found;
  find_rule(name);  // throws for an unknown name
  throw InputError("'" + std::string(name) + "' is a chain, not a rule");
}

}  // namespace basin::kernels
