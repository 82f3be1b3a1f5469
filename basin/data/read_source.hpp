// Reads the data of a source into shared memory. To add a kind of data, add a file in kinds/ and a line here.
#pragma once
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

// Returns the data, decoded and sealed: kinds/kinds.hpp says which columns it has. Throws InputError that
// names the file, and what is wrong where.
SharedSet read(const Source& source);

}  // namespace basin::data
