#include "basin/data/readers/utf8.hpp"

#include <cstdio>
#include <cstring>

#include "basin/core/error.hpp"
#include "basin/data/readers/place.hpp"

namespace basin::data {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

// Whether eight bytes are ASCII, and none of them is NUL.
bool plain(const char* at) {
  constexpr std::uint64_t ones = 0x0101010101010101, tops = ones << 7;
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return ((word | (word - ones)) & tops) == 0;
}

std::size_t length_of(unsigned first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

[[noreturn]] void refuse_byte(std::string_view text, std::size_t at) {
  const std::string place = "line " + std::to_string(line_of(text, at)) + ", byte " + std::to_string(at);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw FormatError(place, "UTF-8", "UTF-16; save the file as UTF-8");
  if (text[at] == 0) throw FormatError(place, "text", "a NUL byte");
  char hex[8];
  std::snprintf(hex, sizeof hex, "0x%02x", byte_at(text, at));
  throw FormatError(place, "UTF-8",
                    std::string("the byte ") + hex + "; save the file as UTF-8, for example by iconv");
}

}  // namespace

std::optional<Character> character_at(std::string_view text) {
  if (text.empty() || text[0] == 0) return std::nullopt;
  const unsigned first = byte_at(text, 0);
  const std::size_t bytes = length_of(first);
  if (bytes == 0 || bytes > text.size()) return std::nullopt;
  char32_t code = bytes == 1 ? first : first & (0x7fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (byte_at(text, i) & 0x3f);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < least[bytes] || surrogate || code > 0x10ffff) return std::nullopt;
  return Character{code, bytes};
}

void check_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (at + 8 <= text.size() && plain(text.data() + at)) {
      at += 8;
      continue;
    }
    const auto character = character_at(text.substr(at));
    if (!character) refuse_byte(text, at);
    at += character->bytes;
  }
}

std::string_view checked_text(std::span<const std::uint8_t> bytes) {
  std::string_view text = text_of(bytes);
  check_utf8(text);
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

}  // namespace basin::data
