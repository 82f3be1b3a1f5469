// Compiles the loops of every link in links.hpp.
#include <algorithm>

#include "basin/kernels/compile_link.hpp"
#include "basin/rules/links.hpp"

namespace basin::kernels {

std::vector<const LinkTable*> link_tables() {
  std::vector<const LinkTable*> out;
  links::All::each([&]<class L> { out.push_back(&link_table_of<L>()); });
  return out;
}

const LinkTable& find_link(std::string_view name) {
  std::vector<std::string> known;
  for (const LinkTable* table : link_tables()) {
    if (table->info.name == name) return *table;
    known.push_back(table->info.name);
  }
  throw InputError(unknown("link", name, known));
}

}  // namespace basin::kernels
