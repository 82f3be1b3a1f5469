// The ways through the blocks of a chain's step. Included by the files that define it, and by nobody else.
#pragma once
#include <algorithm>

#include "basin/kernels/chain_step.hpp"
#include "basin/kernels/parallel.hpp"

namespace basin::kernels {

template <class T>
std::size_t ChainStep<T>::row_length(const Leaf<T>& leaf) const {
  return by_row_ && leaf.rows > 0 ? leaf.tile.size / leaf.rows : leaf.tile.size;
}

template <class T>
template <class Visit>
void ChainStep<T>::each_block(std::size_t begin, std::size_t end, const Visit& visit) const {
  const auto& places = memory_.places_;
  const auto after = std::ranges::upper_bound(places, begin, {}, &Driver<T>::Place::block);
  auto leaf = static_cast<std::size_t>(after - places.begin()) - 1;
  for (std::size_t i = begin; i < end; ++i) {
    while (i >= places[leaf + 1].block) ++leaf;
    const std::size_t length = row_length(leaves_[leaf]);
    const std::size_t in_row = (length + block_size - 1) / block_size, local = i - places[leaf].block;
    const std::size_t row = local / in_row, offset = local % in_row * block_size;
    visit(i, Block{leaf, row, row * length + offset, std::min(block_size, length - offset)});
  }
}

template <class T>
std::size_t ChainStep<T>::bytes_of_step() const {
  return kernels::bytes_of_step<T>(chain_.rule, memory_.places_.back().weight);
}

template <class T>
template <class Task>
void ChainStep<T>::on_blocks(const Task& task) const {
  in_parts(memory_.places_.back().block, bytes_of_step(), 1, how_, [&](std::size_t begin, std::size_t end) {
    Bench bench;
    each_block(begin, end,
               [&](std::size_t i, const Block& block) { task(i, block, open(block, bench), bench); });
  });
}

template <class T>
template <class Visit>
void ChainStep<T>::with_slots(const Block& block, const Tile<T>& tile, Bench& bench,
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

// The unit that a link sums a block for: all, its row or its tensor.
template <class T>
std::size_t ChainStep<T>::unit_of(std::size_t i, const Block& block) const {
  const auto scope = link(i).info().scope;
  if (scope == Scope::all) return 0;
  return scope == Scope::row ? memory_.places_[block.leaf].row + block.row : block.leaf;
}

}  // namespace basin::kernels
