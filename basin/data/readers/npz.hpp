// NPZ: arrays by name, as NumPy's `savez` and `savez_compressed` write them.
//
// Layout   a zip archive, stored or deflated, whose members NAME.npy are NPY files (readers/npy.hpp)
// Accepts  any number of members, each name once
// Refuses  with FormatError: a damaged archive, a checksum that does not fit, a member that is not an NPY
//          file, members of more than `limit` bytes together
// Cost     the arrays, and one of them twice while it is read
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "basin/data/readers/array.hpp"

namespace basin::data {

std::map<std::string, Array> parse_npz(std::span<const std::uint8_t> bytes, std::size_t limit);

}  // namespace basin::data
