// UTF-8, checked: what every reader of text demands before it looks closer.
//
// Layout   RFC 3629: one to four bytes for a character
// Accepts  U+0001 to U+10FFFF; a byte order mark is the caller's to skip
// Refuses  overlong forms, surrogates, characters cut short, NUL
// Cost     one pass, eight bytes at a time where they are ASCII: several GB/s
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace basin::data {

inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

struct Character {
  char32_t code;
  std::size_t bytes;
};

// Returns the character at the beginning of `text`; nothing if there is none in UTF-8.
std::optional<Character> character_at(std::string_view text);

// Throws FormatError with the place of the first byte that is not UTF-8, or of the first NUL: "line 12, byte
// 345: wanted UTF-8, found the byte 0xe9; ...".
void check_utf8(std::string_view text);

// Returns `text` without a byte order mark; checks the rest as `check_utf8` does.
std::string_view checked_text(std::span<const std::uint8_t> bytes);

}  // namespace basin::data
