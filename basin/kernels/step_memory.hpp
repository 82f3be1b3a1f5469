// What a chain's step works with, kept from step to step, so that only the first one allocates.
#pragma once
#include <vector>

#include "basin/kernels/table.hpp"

namespace basin::kernels {

template <class T>
struct StepMemory {
  // Where a leaf begins when all are laid end to end.
  struct Place {
    std::size_t block, row, weight;
  };
  std::vector<Place> places;                       // of each leaf, and the totals
  std::vector<Scalars> rule_scalars;               // one a leaf
  std::vector<std::vector<Scalars>> link_scalars;  // of each link: one a unit of what it sums, or one a leaf
  std::vector<double> block_sums;
  std::vector<T> directions;  // of all weights, where a link after the rule needs sums
  std::vector<MatrixTile<T>>
      matrices;  // of each leaf, for a rule that goes over matrices, with what they gather
  std::vector<double> gathered;
  std::vector<T> unpacked;  // all weights of a group of which some are packed, for such a rule
};

}  // namespace basin::kernels
