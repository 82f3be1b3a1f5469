// The driver: one step of a chain over all the tensors of a parameter group.
//
// A rule alone, or behind links that only multiply the gradient, is one fused pass over memory. Other links run block
// after block in cache, still one pass. A link that needs sums costs one more pass over what it sums. A rule that goes over each
// tensor as a matrix makes the passes that it asks for, each tensor on one thread.
#pragma once
#include <optional>
#include <span>

#include "basin/kernels/chain.hpp"
#include "basin/kernels/execution.hpp"
#include "basin/kernels/leaf.hpp"
#include "basin/kernels/step_memory.hpp"

namespace basin::kernels {

// Keeps its working memory from step to step, so that only the first one allocates.
template <class T>
class Driver {
 public:
  // x -= lr u for every weight, or nothing at all and false, when a link left the step out. The same bits for every
  // ISA, number of threads and chunk. Subnormal numbers are read and written as zero.
  // Requires: the leaves do not overlap; slots hold what `AnyRule::initial` says or what earlier steps left.
  bool step(const Chain& chain, std::span<const Leaf<T>> leaves, const Execution& how);

  // What link i before the rule sums over these leaves, behind the links before it; nothing when one of those leaves the step
  // out. Requires: it sums over all weights.
  std::optional<Total> total(const Chain& chain, std::size_t i, std::span<const Leaf<T>> leaves,
                             const Execution& how);

  // Weights and slots that trained become those to evaluate, or the other way round; nothing happens for a rule that is
  // evaluated where it is trained. Gradients are not looked at. Evaluating and back changes weights by rounding.
  // Requires: the leaves are in the other mode.
  void turn(Mode to, const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how);

 private:
  StepMemory<T> memory_;
};

}  // namespace basin::kernels
