// One parameter as the driver sees it.
#pragma once
#include <cstdint>
#include <span>

#include "basin/kernels/storage.hpp"
#include "basin/kernels/tile.hpp"

namespace basin::kernels {

// One parameter: its tile, or where its numbers are packed, and how many steps it will have taken after this one. Steps are counted per parameter,
// because a parameter without gradient does not advance.
template <class T>
struct Leaf {
  Tile<T> tile;
  Step step = 1;
  std::size_t rows = 0;      // the first extent of a tensor with two dimensions or more, 0 for others
  std::uint64_t number = 0;  // of the parameter; keys its randomness
  std::uint64_t first = 0;   // position of the first weight in its parameter, of which this may be some rows
  std::span<double> numbers = {};  // that the rule remembers (Table::numbers)
  Packed packed = {};  // in a format of 16 bits, weight and gradient are here and null in the tile
  PackedSlots packed_slots =
      {};  // slots that are here are null in the tile; not of some rows, not of doubles
  T* shadow =
      nullptr;  // as many as the weights, which they follow (Execution::shadow_share); not of packed ones

  // The weights [begin, begin + count), whose gradients stand at `gradient_begin` of those given: some rows.
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
