// Sparse rows in shared memory.
#pragma once
#include <string>

#include "basin/data/readers/libsvm.hpp"
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

// A view of the rows of one part. Valid as long as the memory it points to.
struct SparsePart {
  std::span<const std::int64_t> row_offsets;
  std::span<const std::int32_t> columns;
  std::span<const float> values;
};

// Returns rows as a data set of kind "sparse", sealed. Labels are classes, in the order of their numbers, or
// values, as `source` says; it also says the share of the test if there are no test rows. Throws InputError
// for classes that are not those of training, or have one record, and for too few rows.
SharedSet share_sparse(const SparseRows& rows, const SparseRows* test, const Source& source,
                       const std::string& file);

SparsePart sparse_part(const SharedSet& set, const std::string& part);

}  // namespace basin::data
