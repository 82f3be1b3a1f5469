// Sums over many weights, which a link or a rule may ask for.
//
// A sum is taken over blocks of 1,024 weights, in double, and the blocks are added in order: the same bits for every number
// of threads and instruction set.
#pragma once
#include <span>

namespace basin {

// row: weights with the same index in the first dimension; a tensor with fewer than two dimensions is one row.
enum class Scope { row, tensor, all };

struct Sums {
  std::span<const double> of = {};  // the terms, summed
  double count = 0;                 // weights that were summed over
  bool one_row = true;              // the tensor has fewer than two dimensions
};

}  // namespace basin
