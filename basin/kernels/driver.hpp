// The driver: one step of a chain over all tensors of a parameter group.
//
// A rule alone, or after links that only scale the gradient, is one fused pass over memory. Other links run
// block by block in cache, still in one pass. A link that needs sums costs one more pass over what it sums. A
// rule over matrices makes as many passes as it asks for, with each tensor on one thread.
#pragma once
#include <optional>
#include <span>

#include "basin/kernels/chain.hpp"
#include "basin/kernels/execution.hpp"
#include "basin/kernels/leaf.hpp"
#include "basin/kernels/step_memory.hpp"

namespace basin::kernels {

// Keeps its working memory between steps, so that only the first step allocates.
template <class T>
class Driver {
 public:
  // Does x -= lr u for every weight. Gives the same bits for every ISA, number of threads and chunk. Reads
  // and writes subnormal numbers as zero.
  //
  // Requires  the leaves do not overlap; slots hold what `AnyRule::initial` returns or what earlier steps
  //           left
  // Returns   false if a link skipped the step; nothing has changed then
  bool step(const Chain& chain, std::span<const Leaf<T>> leaves, const Execution& how);

  // Returns what link i before the rule sums over these leaves, after the links before it; nothing if one of
  // those skips the step.
  //
  // Requires  link i sums over all weights
  std::optional<Total> total(const Chain& chain, std::size_t i, std::span<const Leaf<T>> leaves,
                             const Execution& how);

  // Turns weights and slots for training into those for evaluation, or back. Does nothing for a rule that is
  // evaluated where it is trained. Ignores gradients. A round trip changes weights only by rounding.
  //
  // Requires  the leaves are in the other mode
  void turn(Mode to, const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how);

 private:
  StepMemory<T> memory_;
};

}  // namespace basin::kernels
