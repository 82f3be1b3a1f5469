// What one loop works on: a run of weights that lie side by side in memory, with their gradients and slots.
#pragma once
#include <array>
#include <cstddef>

namespace basin::kernels {

inline constexpr std::size_t most_slots = 6;   // of one rule
inline constexpr std::size_t most_knobs = 16;  // of one rule or link

// Sums are taken, and links are run, over blocks of so many weights: a few of them stay in a first-level cache.
inline constexpr std::size_t block_size = 1024;

template <class T>
struct Tile {
  T* weight;  // null, as the gradient, where they are packed (storage.hpp)
  const T* gradient;
  std::array<T*, most_slots> slots;  // as many as the rule has; the rest is not looked at
  std::size_t size;

  // The part [begin, begin + count).
  Tile part(std::size_t begin, std::size_t count) const {
    Tile out{*this};
    out.size = count;
    if (weight) out.weight += begin, out.gradient += begin;
    for (T*& slot : out.slots)
      if (slot) slot += begin;
    return out;
  }
};

// One tensor as a matrix, whose rows lie one after the other. Its slots are as long as their extents say.
template <class T>
struct MatrixTile {
  Tile<T> tile;
  std::size_t rows, columns;
  bool one_row;  // the tensor has fewer than two dimensions
  T lr, scale;   // x -= lr u; the gradient is taken times scale
  T* direction;  // null: the weights move. Otherwise it holds the gradient at first and u in the end, and x stays
  double* gathered;  // rows + columns of them, to work with
};

}  // namespace basin::kernels
