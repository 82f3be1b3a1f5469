// One step of a chain with links, as a sequence of stages, each one pass over the blocks of all tensors.
//
// A link that needs sums begins a stage of its own, which gathers them. Stages before the rule only read; the
// first stage after it runs the rule and keeps the direction of every weight; the last stage moves the
// weights.
#pragma once
#include "basin/kernels/matrix_pass.hpp"

namespace basin::kernels {

template <class T>
class ChainStep {
 public:
  // Uses its arguments as long as it lives.
  ChainStep(StepMemory<T>& memory, const Chain& chain, std::span<const Leaf<T>> leaves, const Execution& how);
  ChainStep(const ChainStep&) = delete;

  // False when a link left the step out.
  bool run();
  // Returns what link i before the rule sums over all weights; nothing if an earlier link skips the step.
  std::optional<Total> total(std::size_t i);
  // Changes the mode of weights and slots, block after block.
  void turn(Mode to);

 private:
  // Gathers the sums of link i and makes its scalars. False: it leaves the step out.
  bool sum(std::size_t i);
  void gather_sums(std::size_t i);
  bool make_scalars(std::size_t i);
  void begin();
  void move();
  void move_block(const Block& block, Tile<T> at, Bench<T>& bench) const;

  // Runs the rule before the stage that needs directions, where that stage cannot run it itself.
  void run_rule_apart();
  void run_rule_by_blocks();
  // Whether rows may end within the blocks that packed slots have a scale for.
  bool rows_cut_slots() const { return by_row_ && blocks_.any_packed_slots(); }
  // Whether the rule can move matrices where they lie, and take all links along.
  bool moves_matrices() const { return multiplied_ && !by_row_ && !blocks_.any_packed(); }

  StepMemory<T>& memory_;
  const Chain& chain_;
  const Table& rule_table_;
  std::span<const Leaf<T>> leaves_;
  const Execution& how_;
  BlockPass<T> blocks_;
  LinkPass<T> links_;
  RulePass<T> rule_;
  MatrixPass<T> matrices_;
  const bool by_row_;      // a link sums rows: blocks end where rows end
  const bool multiplied_;  // links only multiply the gradient
  bool aimed_ = false;     // the rule has run, and directions are kept
  bool moved_ = false;     // ... or has moved the weights itself
  std::size_t applied_;    // links that the kept directions are behind
};

}  // namespace basin::kernels
