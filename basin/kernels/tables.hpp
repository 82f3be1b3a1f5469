// The tables of every rule in rules.hpp, by name.
#pragma once
#include <string_view>

#include "basin/kernels/table.hpp"

namespace basin::kernels {

// Throws InputError for an unknown name, "unknown optimizer 'adma'; did you mean 'adam'?", and for a chain.
// Thread-safe.
const Table& find_table(std::string_view name);

// Does x -= lr u over n weights, for a chain that ends with links.
template <class T>
using Descend = void (*)(T lr, std::size_t n, T* x, const T* u);
template <class T>
Descend<T> descend_loop(Isa isa);

}  // namespace basin::kernels
