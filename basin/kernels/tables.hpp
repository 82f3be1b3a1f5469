// The tables of every rule in rules.hpp, by name.
#pragma once
#include <string_view>

#include "basin/kernels/table.hpp"

namespace basin::kernels {

// Throws InputError, "unknown optimizer 'adma'; did you mean 'adam'?". Thread-safe.
const Table& find_table(std::string_view name);

}  // namespace basin::kernels
