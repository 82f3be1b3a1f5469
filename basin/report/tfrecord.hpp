// TFRecord: the framing of TensorBoard's event files.
//
// Layout   u64 length, u32 masked crc of these 8 bytes, `length` bytes, u32 masked crc of those;
//          little-endian. The crc is CRC-32C (Castagnoli, RFC 3720). Masked means rotated right by 15, plus
//          a282ead8, so that data that has a crc may contain a crc
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace basin::report {

std::uint32_t crc32c(std::string_view bytes);

// Returns one record with `data`.
std::string tfrecord(std::string_view data);

}  // namespace basin::report
