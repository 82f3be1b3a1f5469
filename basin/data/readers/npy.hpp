// NPY: one array, as NumPy saves it.
//
// Layout   93 "NUMPY", version 1, 2 or 3 and 0, the header's length (u16; u32 from version 2 on,
//          little-endian), the header, a dictionary of Python {'descr': '<f4', 'fortran_order': False,
//          'shape': (3, 4), } padded with blanks, then the elements
// Accepts  b1 u1 i1 u2 i2 u4 i4 i8 f2 f4 f8, little- or big-endian, in C or Fortran order, at most 8 axes
// Refuses  with FormatError: other types (O holds a pickle, which runs code; u8, complex numbers, strings,
//          records), another number of bytes than the shape says, a header of more than 64 KiB
// Cost     one copy of the elements; a second pass if they are big-endian or in Fortran order
#pragma once
#include <cstdint>
#include <span>

#include "basin/data/readers/array.hpp"

namespace basin::data {

Array parse_npy(std::span<const std::uint8_t> bytes);

}  // namespace basin::data
