// Sums over many weights, which a link or a rule may request.
//
// A sum is taken in double over blocks of 1,024 weights, and the blocks are added in order. The bits are
// therefore the same for every number of threads and instruction set.
#pragma once
#include <span>

namespace basin {

// A row has one index in the first dimension; a tensor with fewer than two dimensions is one row.
enum class Scope { row, tensor, all };

struct Sums {
  std::span<const double> of = {};  // the terms, summed
  double count = 0;                 // number of weights summed over
  bool one_row = true;              // the tensor has fewer than two dimensions
};

}  // namespace basin
