#include "basin/report/tfrecord.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace basin::report {
namespace {

static_assert(std::endian::native == std::endian::little, "records are little-endian");

constexpr std::array<std::uint32_t, 256> table = [] {
  std::array<std::uint32_t, 256> out{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
    out[i] = crc;
  }
  return out;
}();

template <class T>
std::string bytes_of(T value) {
  std::string out(sizeof value, '\0');
  std::memcpy(out.data(), &value, sizeof value);
  return out;
}

std::string masked_crc(std::string_view bytes) {
  return bytes_of<std::uint32_t>(std::rotr(crc32c(bytes), 15) + 0xA282EAD8u);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char c : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

std::string tfrecord(std::string_view data) {
  const std::string length = bytes_of<std::uint64_t>(data.size());
  return length + masked_crc(length) + std::string(data) + masked_crc(data);
}

}  // namespace basin::report
