// Places in a text and values from it, as the messages of readers give them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace basin::data {

inline std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Returns the number of the line that `offset` is in, from 1. Cost: one pass over what is before it.
std::size_t line_of(std::string_view text, std::size_t offset);

// Returns `text` with control characters, newlines among them, as blanks.
std::string one_line(std::string_view text);

// Returns `value` in quotes, on one line: at most 40 bytes of it.
std::string quoted(std::string_view value);

}  // namespace basin::data
