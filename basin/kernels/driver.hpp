// The driver: one step of a rule over all the tensors of a parameter group, as one fused pass over memory.
#pragma once
#include <functional>
#include <span>

#include "basin/kernels/any_rule.hpp"

namespace basin::kernels {

// One parameter: its tile and how many steps it will have taken after this one. Steps are counted per parameter,
// because a parameter without gradient does not advance.
template <class T>
struct Leaf {
  Tile<T> tile;
  Step step = 1;
};

// Calls task(0) ... task(count - 1), in any order and from any threads, and returns when all are done.
using Parallel = std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)>;

struct Execution {
  Isa isa = best_isa();
  std::size_t threads = 1;       // into how many parts the weights are cut, at most
  Parallel parallel;             // empty: one after the other on the calling thread
  std::size_t chunk = 0;         // weights of one call of a loop; 0 for the driver's choice. For tests
};

// x -= lr u for every weight. The same bits for every ISA, number of threads and chunk.
// Requires: the leaves do not overlap; slots hold what `AnyRule::initial` says or what earlier steps left.
// Subnormal numbers are read and written as zero. No allocation beyond what `parallel` does. Not thread-safe per leaf.
template <class T>
void step(const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how);

}  // namespace basin::kernels
