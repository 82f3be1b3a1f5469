// The step of a rule that goes over each tensor as a matrix: within a chain, of which it sees whole tensors.
#pragma once
#include "basin/kernels/rule_pass.hpp"

namespace basin::kernels {

template <class T>
class MatrixPass {
 public:
  // Uses its arguments as long as it lives.
  MatrixPass(StepMemory<T>& memory, const AnyRule& rule, std::span<const Leaf<T>> leaves,
             const Execution& how, const BlockPass<T>& blocks)
      : memory_(memory), rule_(rule), leaves_(leaves), how_(how), blocks_(blocks) {}

  // Moves the weights where they lie, with gradients that the links multiply. Requires: none is packed.
  void move(const LinkPass<T>& links) const;
  // Makes the direction of every weight where `rule` keeps its gradient.
  void aim(const RulePass<T>& rule) const;

 private:
  const T* unpacked_weights() const;
  void lay_out() const;
  void step() const;

  StepMemory<T>& memory_;
  const AnyRule& rule_;
  std::span<const Leaf<T>> leaves_;
  const Execution& how_;
  const BlockPass<T>& blocks_;
};

}  // namespace basin::kernels
