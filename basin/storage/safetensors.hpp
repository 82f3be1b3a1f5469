// safetensors: named tensors in one file that holds no code.
//
// Layout   u64 length of the header, little-endian; the header, JSON: name -> {dtype, shape, data_offsets}, perhaps
//          padded by blanks; then the bytes of the tensors, one after the other without a gap
// Accepts  what safetensors/src/tensor.rs accepts, its types of whole bytes, a "__metadata__" of strings or null
// Refuses  with FormatError: a header of more than 100 MB, names twice, unknown types, shapes that overflow or do not
//          fit their bytes, gaps, overlaps, bytes left over, more than 8 dimensions, more than a million tensors, names with
//          control characters or of more than 512 bytes
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

// In the order of the bytes in the file.
std::vector<TensorBytes> parse_safetensors(std::span<const std::uint8_t> bytes);
// The __metadata__ of such a file; empty where there is none. Looks at nothing else.
std::map<std::string, std::string> safetensors_metadata(std::span<const std::uint8_t> bytes);

// The file's bytes, as safetensors/src/tensor.rs lays them out: wide types first, then by name; `metadata` stands in the header
// as __metadata__ where there is any. Throws InputError when the bytes of a tensor do not fit its shape, for a name that is not
// allowed or there twice, and for an unknown type.
std::string safetensors(std::span<const TensorBytes> tensors,
                        const std::map<std::string, std::string>& metadata = {});

}  // namespace basin::storage
