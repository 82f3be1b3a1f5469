// The header of an NPY file: a dictionary in the syntax of Python.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "basin/data/readers/array.hpp"

namespace basin::data {

struct NpyHeader {
  Element element = Element::u8;
  bool big_endian = false, fortran_order = false;
  std::vector<std::int64_t> shape;
};

// `offset` is where `text` begins in the file, for messages.
NpyHeader parse_npy_header(std::string_view text, std::size_t offset);

}  // namespace basin::data
