// The weights of all tensors of a step, cut into blocks that stay in cache, and the ways through them.
//
// Packed numbers are unpacked when a block comes to the bench, and packed again when it has moved; packed
// slots, around the rule alone.
#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "basin/kernels/any_rule.hpp"
#include "basin/kernels/leaf.hpp"
#include "basin/kernels/parallel.hpp"
#include "basin/kernels/step_memory.hpp"

namespace basin::kernels {

// A run of weights of one row of one leaf.
struct Block {
  std::size_t leaf, row, begin, count;
};

// What one thread works with. Where vectors of 64 bytes are not aligned, AdamW takes three times as long.
template <class T>
struct alignas(64) Bench {
  std::array<T, block_size> weight, gradient, direction;
  // Twice as long as a block, so that it can begin where it disturbs the weights least (block_pass.cpp).
  std::array<std::array<T, 2 * block_size>, std::is_same_v<T, float> ? most_slots : 0> slots;
};

template <class T>
class BlockPass {
 public:
  using Place = typename StepMemory<T>::Place;

  // Uses its arguments as long as it lives. `cut` comes first.
  BlockPass(std::vector<Place>& places, const AnyRule& rule, std::span<const Leaf<T>> leaves,
            const Execution& how)
      : places_(places), rule_(rule), leaves_(leaves), how_(how) {}

  // Cuts the leaves into blocks, which end where rows end if `by_row`.
  void cut(bool by_row);

  // The place of a leaf.
  const Place& place(const Block& block) const { return places_[block.leaf]; }
  // How many blocks, rows and weights there are.
  const Place& totals() const { return places_.back(); }
  // The bytes that the whole step moves.
  std::size_t bytes() const { return bytes_of_step<T>(rule_, totals().weight); }

  // Calls visit(index, block) for the blocks [begin, end).
  template <class Visit>
  void each(std::size_t begin, std::size_t end, const Visit& visit) const;
  // Calls task(index, block, tile, bench) for every block, on all threads.
  template <class Task>
  void on_all(const Task& task) const;

  // Adds up what was summed over each block, `terms` numbers a block, and calls close(unit, last block, sums)
  // for each unit. In the order of the blocks and on one thread: the same bits whoever summed them.
  template <class Unit, class Close>
  void add_up(std::span<const double> block_sums, std::size_t terms, const Unit& unit,
              const Close& close) const;

  // Packs the weights of a block again.
  void close(const Block& block, const Tile<T>& tile) const;
  // Calls visit(tile, where it begins in the block) with slots that it may change: at once where they lie, or
  // slice after slice, unpacked on the bench and packed again.
  template <class Visit>
  void with_slots(const Block& block, const Tile<T>& tile, Bench<T>& bench, const Visit& visit) const;
  // The slots of a block, to be read.
  Tile<T> open_slots(const Block& block, Tile<T> tile, Bench<T>& bench) const {
    unpack_slots(block, tile, bench);
    return tile;
  }

  bool any_packed() const;
  bool any_packed_slots() const;

 private:
  std::size_t row_length(const Leaf<T>& leaf) const {
    return by_row_ && leaf.rows > 0 ? leaf.tile.size / leaf.rows : leaf.tile.size;
  }
  // The numbers of a block: where they lie, or unpacked on the bench.
  Tile<T> open(const Block& block, Bench<T>& bench) const;
  void unpack_slots(const Block& block, Tile<T>& tile, Bench<T>& bench) const;
  void pack_slots(const Block& block, const Tile<T>& tile) const;

  std::vector<Place>& places_;
  const AnyRule& rule_;
  std::span<const Leaf<T>> leaves_;
  const Execution& how_;
  bool by_row_ = false;
};

template <class T>
template <class Visit>
void BlockPass<T>::each(std::size_t begin, std::size_t end, const Visit& visit) const {
  const auto after = std::ranges::upper_bound(places_, begin, {}, &Place::block);
  auto leaf = static_cast<std::size_t>(after - places_.begin()) - 1;
  for (std::size_t i = begin; i < end; ++i) {
    while (i >= places_[leaf + 1].block) ++leaf;
    const std::size_t length = row_length(leaves_[leaf]);
    const std::size_t in_row = (length + block_size - 1) / block_size, local = i - places_[leaf].block;
    const std::size_t row = local / in_row, offset = local % in_row * block_size;
    visit(i, Block{leaf, row, row * length + offset, std::min(block_size, length - offset)});
  }
}

template <class T>
template <class Task>
void BlockPass<T>::on_all(const Task& task) const {
  in_parts(totals().block, bytes(), 1, how_, [&](std::size_t begin, std::size_t end) {
    Bench<T> bench;
    each(begin, end, [&](std::size_t i, const Block& block) { task(i, block, open(block, bench), bench); });
  });
}

template <class T>
template <class Unit, class Close>
void BlockPass<T>::add_up(std::span<const double> block_sums, std::size_t terms, const Unit& unit,
                          const Close& close) const {
  std::array<double, most_terms> sums{};
  double count = 0;
  std::optional<Block> last;
  const auto end = [&] {
    close(unit(*last), *last, Sums{std::span(sums).first(terms), count, leaves_[last->leaf].rows == 0});
    sums.fill(0), count = 0;
  };
  each(0, totals().block, [&](std::size_t index, const Block& block) {
    if (last && unit(*last) != unit(block)) end();
    for (std::size_t k = 0; k < terms; ++k) sums[k] += block_sums[index * terms + k];
    count += static_cast<double>(block.count);
    last = block;
  });
  if (last) end();
}

template <class T>
template <class Visit>
void BlockPass<T>::with_slots(const Block& block, const Tile<T>& tile, Bench<T>& bench,
                              const Visit& visit) const {
  // Half a block: with whole ones, AdamW takes 1.3 times as long out of cache.
  constexpr std::size_t slice = block_size / 2;
  static_assert(slice % slot_block_size == 0);
  if (leaves_[block.leaf].packed_slots.format == SlotFormat::native) return visit(tile, std::size_t{0});
  for (std::size_t begin = 0; begin < block.count; begin += slice) {
    const Block part{block.leaf, block.row, block.begin + begin, std::min(slice, block.count - begin)};
    Tile<T> at = tile.part(begin, part.count);
    unpack_slots(part, at, bench);
    visit(static_cast<const Tile<T>&>(at), begin);
    pack_slots(part, at);
  }
}

}  // namespace basin::kernels
