#include "basin/data/idx.hpp"

#include <limits>

#include "basin/core/error.hpp"

namespace basin::data {
namespace {

std::size_t big_endian_u32(std::span<const std::uint8_t> b) {
  return std::size_t{b[0]} << 24 | std::size_t{b[1]} << 16 | std::size_t{b[2]} << 8 | std::size_t{b[3]};
}

}  // namespace

IdxHeader parse_idx_header(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 4) throw FormatError(0, "an IDX header of 4 bytes or more", bytes.size());
  for (std::size_t at = 0; at < 2; ++at)
    if (bytes[at] != 0) throw FormatError(at, "0, as an IDX file begins", bytes[at]);
  if (bytes[2] != 8) throw FormatError(2, "IDX type 8 (unsigned bytes)", bytes[2]);
  const std::size_t rank = bytes[3];
  if (rank < 1 || rank > 4) throw FormatError(3, "rank 1 to 4", rank);

  IdxHeader header{{}, 4 + 4 * rank, 1};
  if (bytes.size() < header.bytes)
    throw FormatError(4, std::to_string(rank) + " extents of 4 bytes",
                      std::to_string(bytes.size() - 4) + " bytes");
  for (std::size_t at = 4; at < header.bytes; at += 4) {
    const std::size_t extent = big_endian_u32(bytes.subspan(at, 4));
    if (__builtin_mul_overflow(header.items, extent, &header.items) ||
        header.items > std::numeric_limits<std::size_t>::max() - header.bytes)
      throw FormatError(at, "extents whose product fits in memory", extent);
    header.extents.push_back(extent);
  }
  return header;
}

IdxView parse_idx(std::span<const std::uint8_t> bytes) {
  IdxHeader header = parse_idx_header(bytes);
  const auto items = bytes.subspan(header.bytes);
  if (items.size() != header.items)
    throw FormatError(header.bytes, std::to_string(header.items) + " items", items.size());
  return {std::move(header.extents), items};
}

}  // namespace basin::data
