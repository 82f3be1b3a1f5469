// The tensors of a safetensors file (storage/safetensors.hpp) as arrays.
//
// Accepts  BOOL U8 I8 U16 I16 U32 I32 I64 F16 BF16 F32 F64
// Refuses  with FormatError: other types (U64, complex numbers, 8-bit floats), and what the parser refuses
// Cost     one copy
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "basin/data/readers/array.hpp"

namespace basin::data {

std::map<std::string, Array> safetensors_arrays(std::span<const std::uint8_t> bytes);

}  // namespace basin::data
