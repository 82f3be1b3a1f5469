// Compiles the loops of every rule in rules.hpp: the only file of this tree that does.
#include "basin/kernels/tables.hpp"

#include "basin/kernels/compile.hpp"
#include "basin/rules/rules.hpp"

namespace basin::kernels {
namespace {

template <class... R>
std::array<const Table*, sizeof...(R)> tables_of(rules::List<R...>) {
  return {&table_of<R>()...};
}

}  // namespace

const Table& find_table(std::string_view name) {
  static const auto tables = tables_of(rules::All{});
  const RuleInfo& info = find_rule(name);
  return **std::ranges::find_if(tables, [&](const Table* table) { return table->info.name == info.name; });
}

}  // namespace basin::kernels
