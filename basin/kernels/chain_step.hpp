// One step of a chain with links: stage after stage, each one pass over the blocks of all tensors.
//
// A link that needs sums begins a stage of its own, which gathers them. Stages before the rule only read; the first
// stage after it runs the rule and keeps the direction of every weight; the last stage moves the weights. Packed numbers
// are unpacked when a block comes to the bench, and packed again when it has moved; packed slots, round the rule alone.
#pragma once
#include "basin/kernels/driver.hpp"

namespace basin::kernels {

template <class T>
class ChainStep {
 public:
  ChainStep(Driver<T>& memory, const Chain& chain, std::span<const Leaf<T>> leaves, const Execution& how);
  // False when a link left the step out.
  bool run();
  // What link i, which stands before the rule, sums over all weights; nothing when a link before it leaves the step out.
  std::optional<Total> total(std::size_t i);
  // Changes the mode of weights and slots, block after block, by the rule's loop of that name.
  void turn(Mode to);

 private:
  // A run of weights of one row of one leaf.
  struct Block {
    std::size_t leaf, row, begin, count;
  };
  // What one thread works with. Where vectors of 64 bytes are not aligned, AdamW takes three times as long.
  struct alignas(64) Bench {
    std::array<T, block_size> weight, gradient, direction;
    // Twice as long as a block, so that it can begin where it disturbs the weights least (chain_slots.cpp).
    std::array<std::array<T, 2 * block_size>, std::is_same_v<T, float> ? most_slots : 0> slots;
  };

  const AnyLink& link(std::size_t i) const;
  std::size_t link_count() const { return chain_.before.size() + chain_.after.size(); }
  void lay_out();
  std::size_t row_length(const Leaf<T>& leaf) const;
  template <class Visit>
  void each_block(std::size_t begin, std::size_t end, const Visit& visit) const;  // visit(index, block)
  std::size_t bytes_of_step() const;
  // task(index, block, tile, bench), on all threads.
  template <class Task>
  void on_blocks(const Task& task) const;
  // The numbers of a block: where they lie, or unpacked on the bench.
  Tile<T> open(const Block& block, Bench& bench) const;
  // Packs the weights again.
  void close(const Block& block, const Tile<T>& tile) const;
  // Calls visit(tile, where it begins in the block) with slots that it may change: at once where they lie, or slice after slice,
  // unpacked on the bench and packed again.
  template <class Visit>
  void with_slots(const Block& block, const Tile<T>& tile, Bench& bench, const Visit& visit) const;
  // The slots of a block, to be read.
  Tile<T> open_slots(const Block& block, Tile<T> tile, Bench& bench) const;
  void unpack_slots(const Block& block, Tile<T>& tile, Bench& bench) const;
  void pack_slots(const Block& block, const Tile<T>& tile) const;

  // Gathers the sums of link i and makes its scalars. False: it leaves the step out.
  bool sum(std::size_t i);
  void gather_sums(std::size_t i);
  bool add_up(std::size_t i);
  bool finish_unit(std::size_t i, std::size_t unit, const Leaf<T>& leaf, const Sums& sums);
  std::size_t unit_of(std::size_t i, const Block& block) const;
  void make_scalars_of_rule();
  const Leaf<T>& leader() const;
  void sum_for_rule();
  template <class Unit, class Close>
  void add_blocks(std::size_t terms, const Unit& unit, const Close& close) const;
  void make_scalars_without_sums();

  void move();
  bool rows_cut_slots() const;
  void run_rule_apart();
  void keep_gradients();
  bool any_packed() const;
  bool moves_matrices() const;
  void move_matrices();
  void aim_matrices();
  const T* unpacked_weights();
  void lay_out_matrices();
  void step_matrices() const;
  bool only_multiplied() const;
  T multiplier(const Block& block) const;

  LinkTile<T> link_tile(const Block& block, const Tile<T>& tile, const T* gradient, T* direction) const;
  // The gradient behind the first `count` links; on the bench where one of them changed it.
  const T* gradient(const Block& block, const Tile<T>& tile, std::size_t count, Bench& bench) const;
  // The direction that the rule makes of the gradient in the tile.
  void aim(const Block& block, const Tile<T>& tile, T* direction, Bench& bench) const;
  void apply(std::size_t i, const LinkTile<T>& tile, const Block& block) const;
  T* kept(const Block& block) const;
  void descend(const Tile<T>& tile, const T* direction) const;
  void follow(const Block& block, const Tile<T>& tile) const;

  Driver<T>& memory_;
  const Chain& chain_;
  std::span<const Leaf<T>> leaves_;
  const Execution& how_;
  std::size_t isa_;
  bool by_row_ = false;      // a link sums rows: blocks end where rows end
  bool aimed_ = false;       // the rule has run, and directions are kept
  std::size_t applied_ = 0;  // links that the kept directions are behind
};

}  // namespace basin::kernels
