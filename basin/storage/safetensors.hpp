// safetensors: named tensors in one file without code.
//
// Layout   u64 length of the header, little-endian; the header, JSON: name -> {dtype, shape, data_offsets},
//          possibly padded with blanks; then the bytes of the tensors, consecutive, without gaps
// Accepts  what safetensors/src/tensor.rs accepts: its types of whole bytes, a "__metadata__" of strings or
//          null
// Refuses  with FormatError: a header of more than 100 MB, duplicate names, unknown types, shapes that
//          overflow or do not fit their bytes, gaps, overlaps, leftover bytes, more than 8 dimensions, more
//          than a million tensors, names with control characters or of more than 512 bytes
// Cost     O(header); the entries point into `bytes`, which must outlive them
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace basin::storage {

struct TensorBytes {
  std::string name, type;  // type: "F32", "F64", "BF16", "I64", "U8", ...
  std::vector<std::int64_t> shape;
  std::span<const std::uint8_t> bytes;  // little-endian, row-major
};

// Returns the tensors in the order of their bytes in the file.
std::vector<TensorBytes> parse_safetensors(std::span<const std::uint8_t> bytes);
// Returns the __metadata__ of such a file; empty if there is none. Checks nothing else.
std::map<std::string, std::string> safetensors_metadata(std::span<const std::uint8_t> bytes);

// Returns the bytes of a file as safetensors/src/tensor.rs lays them out: wide types first, then by name.
// `metadata`, if any, becomes __metadata__ in the header. Throws InputError if the bytes of a tensor do not
// fit its shape, for a name that is not allowed or repeated, and for an unknown type.
std::string safetensors(std::span<const TensorBytes> tensors,
                        const std::map<std::string, std::string>& metadata = {});

}  // namespace basin::storage
