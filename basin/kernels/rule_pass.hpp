// The rule of a chain during one step: its scalars, and what it does to a block.
#pragma once
#include "basin/kernels/link_pass.hpp"

namespace basin::kernels {

template <class T>
class RulePass {
 public:
  // Uses its arguments as long as it lives.
  RulePass(StepMemory<T>& memory, const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how,
           const BlockPass<T>& blocks, const LinkPass<T>& links);

  // Makes the scalars of every leaf. A rule that needs sums costs one more pass, over what it sees before its
  // step.
  void make_scalars();

  // Makes the direction of a block out of the gradient in its tile.
  void aim(const Block& block, const Tile<T>& tile, T* direction, Bench<T>& bench) const;
  // Moves a block by the rule's fused loop, with its gradient times `scale`.
  void sweep(const Block& block, const Tile<T>& tile, T scale, Bench<T>& bench) const;
  // Moves a block along its direction.
  void descend(const Tile<T>& tile, const T* direction) const;
  // Lets the shadow of a block follow its weights, while these are still in cache.
  void follow(const Block& block, const Tile<T>& tile) const;
  // Changes the mode of weights and slots by the rule's loop of that name.
  void turn(Mode to) const;

  // Where the direction of a block is kept.
  T* kept(const Block& block) const {
    return memory_.directions.data() + memory_.places[block.leaf].weight + block.begin;
  }
  void make_room_for_directions() const { memory_.directions.resize(blocks_.totals().weight); }
  // Keeps there the gradient of every weight behind the links before the rule.
  void keep_gradients() const;

 private:
  void sum() const;
  T lr() const { return static_cast<T>(rule_.lr()); }

  StepMemory<T>& memory_;
  const AnyRule& rule_;
  std::span<const Leaf<T>> leaves_;
  const Execution& how_;
  const BlockPass<T>& blocks_;
  const LinkPass<T>& links_;
  const Kernel<T>& kernel_;
  std::size_t isa_;
};

}  // namespace basin::kernels
