#include "basin/data/readers/npy.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/data/readers/npy_header.hpp"
#include "basin/data/readers/place.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t largest_header = 1u << 16;

// Returns where the header's text begins, and its length.
std::pair<std::size_t, std::size_t> header_place(std::span<const std::uint8_t> bytes) {
  if (!text_of(bytes).starts_with(magic)) throw FormatError(0, "\\x93NUMPY", "something else");
  if (bytes.size() < 12) throw FormatError(bytes.size(), "a header", "the end of the file");
  if (bytes[6] < 1 || bytes[6] > 3) throw FormatError(6, "version 1, 2 or 3", bytes[6]);
  std::size_t length = bytes[8] | std::size_t{bytes[9]} << 8;
  if (bytes[6] > 1) length |= std::size_t{bytes[10]} << 16 | std::size_t{bytes[11]} << 24;
  const std::size_t begin = bytes[6] == 1 ? 10 : 12;
  if (length > largest_header) throw FormatError(8, "a header of at most 64 KiB", length);
  if (length > bytes.size() - begin)
    throw FormatError(begin, "a header of " + std::to_string(length) + " bytes", bytes.size() - begin);
  return {begin, length};
}

void swap_bytes(Array& array) {
  const auto size = static_cast<std::ptrdiff_t>(bytes_of(array.element));
  for (auto at = array.bytes.begin(); size > 1 && at != array.bytes.end(); at += size)
    std::reverse(at, at + size);
}

// Fortran's order has the first axis fastest. Walks over the array in C's order, last axis fastest, and takes
// each element from where it lies.
void to_row_major(Array& array) {
  const std::size_t rank = array.shape.size(), size = bytes_of(array.element);
  if (rank < 2 || array.bytes.empty()) return;
  std::vector<std::size_t> stride(rank, size), index(rank, 0);
  for (std::size_t axis = 1; axis < rank; ++axis)
    stride[axis] = stride[axis - 1] * static_cast<std::size_t>(array.shape[axis - 1]);
  std::vector<std::uint8_t> out(array.bytes.size());
  std::size_t from = 0;
  for (std::size_t to = 0; to < out.size(); to += size) {
    std::memcpy(&out[to], &array.bytes[from], size);
    for (std::size_t axis = rank; axis-- > 0;) {
      from += stride[axis];
      if (++index[axis] < static_cast<std::size_t>(array.shape[axis])) break;
      from -= stride[axis] * index[axis];
      index[axis] = 0;
    }
  }
  array.bytes = std::move(out);
}

}  // namespace

Array parse_npy(std::span<const std::uint8_t> bytes) {
  const auto [begin, length] = header_place(bytes);
  NpyHeader header = parse_npy_header(text_of(bytes.subspan(begin, length)), begin);
  const std::size_t wanted = elements_of(header.element, header.shape) * bytes_of(header.element);
  const auto body = bytes.subspan(begin + length);
  if (body.size() != wanted)
    throw FormatError(
        begin + length, std::to_string(wanted) + " bytes of elements",
        std::to_string(body.size()) + (body.size() < wanted ? std::string(storage::cut_short) : ""));
  Array out{header.element, std::move(header.shape), {body.begin(), body.end()}};
  if (header.big_endian) swap_bytes(out);
  if (header.fortran_order) to_row_major(out);
  return out;
}

}  // namespace basin::data
