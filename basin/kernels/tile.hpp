// The data of one loop: a run of weights that are adjacent in memory, with their gradients and slots.
#pragma once
#include <array>
#include <cstddef>

namespace basin::kernels {

inline constexpr std::size_t most_slots = 6;   // of one rule
inline constexpr std::size_t most_knobs = 16;  // of one rule or link

// Sums are taken, and links are run, over blocks of this many weights: a few blocks fit in a first-level
// cache.
inline constexpr std::size_t block_size = 1024;

template <class T>
struct Tile {
  T* weight;  // null, like the gradient, if packed (storage.hpp)
  const T* gradient;
  std::array<T*, most_slots> slots;  // as many as the rule has; the rest is ignored
  std::size_t size;

  // Returns the part [begin, begin + count).
  Tile part(std::size_t begin, std::size_t count) const {
    Tile out{*this};
    out.size = count;
    if (weight) out.weight += begin, out.gradient += begin;
    for (T*& slot : out.slots)
      if (slot) slot += begin;
    return out;
  }
};

// One tensor as a matrix with consecutive rows. The length of each slot follows from its extent.
template <class T>
struct MatrixTile {
  Tile<T> tile;
  std::size_t rows, columns;
  bool one_row;      // the tensor has fewer than two dimensions
  T lr, scale;       // x -= lr u; the gradient is multiplied by scale
  T* direction;      // null: the weights move. Otherwise the gradient at first, u at the end; x stays
  double* gathered;  // working space for rows + columns values
};

}  // namespace basin::kernels
