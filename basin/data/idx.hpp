// IDX: the container of MNIST and Fashion-MNIST.
//
// Layout   big-endian: 0 0 type rank, then `rank` u32 extents, then the items, last axis fastest
// Accepts  type 8 (u8), rank 1 to 4, and exactly product(extents) items
// Refuses  anything else with FormatError: byte offset, what was wanted, what was found
// Cost     O(rank) time, no copy: the view points into `bytes`, which must outlive it
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace basin::data {

struct IdxHeader {
  std::vector<std::size_t> extents;  // for example {60000, 28, 28}
  std::size_t bytes;                 // of the header itself: 4 + 4 rank
  std::size_t items;                 // product of the extents; bytes + items does not overflow
};

struct IdxView {
  std::vector<std::size_t> extents;
  std::span<const std::uint8_t> items;  // extents[0] x extents[1] x ..., row-major
};

inline constexpr std::size_t largest_idx_header = 4 + 4 * 4;

// Parses only the header: `beginning` may end anywhere after it.
IdxHeader parse_idx_header(std::span<const std::uint8_t> beginning);
IdxView parse_idx(std::span<const std::uint8_t> bytes);

}  // namespace basin::data
