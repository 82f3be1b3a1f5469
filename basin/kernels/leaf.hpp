// One parameter as the driver sees it.
#pragma once
#include <cstdint>
#include <span>

#include "basin/kernels/storage.hpp"
#include "basin/kernels/tile.hpp"

namespace basin::kernels {

// One parameter: its tile, or the location of its packed numbers, and its step number after this step. Steps
// are counted for each parameter, because a parameter without a gradient does not advance.
template <class T>
struct Leaf {
  Tile<T> tile;
  Step step = 1;
  std::size_t rows = 0;            // the first extent of a tensor with two dimensions or more, 0 for others
  std::uint64_t number = 0;        // the number of the parameter; keys its randomness
  std::uint64_t first = 0;         // position of the first weight in its parameter; not 0 for some rows of it
  std::span<double> numbers = {};  // the rule's numbers (Table::numbers)
  Packed packed = {};              // for 16-bit formats; weight and gradient are null in the tile then
  PackedSlots packed_slots = {};   // null in the tile; never for rows or doubles
  T* shadow = nullptr;             // one value per weight (Execution::shadow_share); not with packed

  // Returns the weights [begin, begin + count), some rows, whose gradients begin at `gradient_begin`.
  Leaf part(std::size_t begin, std::size_t gradient_begin, std::size_t count) const {
    Leaf out = *this;
    out.tile = tile.part(begin, count);
    if (tile.gradient) out.tile.gradient = tile.gradient + gradient_begin;
    if (packed.weight) out.packed.weight += begin, out.packed.gradient += gradient_begin;
    if (shadow) out.shadow += begin;
    out.first += begin;
    return out;
  }
};

}  // namespace basin::kernels
