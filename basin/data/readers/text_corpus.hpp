// A text as a stream of numbered symbols, for models of language.
//
// Layout   bytes as they are, or UTF-8, whose characters are code points
// Accepts  any bytes; in characters, UTF-8 with at most 65,536 different ones, a byte order mark being
//          skipped
// Refuses  with FormatError: an empty text; in characters, what is not UTF-8, with line and byte. With the
//          symbols of another text, a symbol that is not among them
// Cost     two passes; 2 bytes for a symbol
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace basin::data {

enum class TextUnit { bytes, characters };

struct TextCorpus {
  std::vector<char32_t> symbols;   // that occur, sorted: bytes or code points
  std::vector<std::uint16_t> ids;  // the text, as positions in `symbols`
};

// With `known`, the sorted symbols of the text that a model was trained on, the ids are positions in those.
TextCorpus parse_text(std::span<const std::uint8_t> bytes, TextUnit unit,
                      const std::vector<char32_t>* known = nullptr);

}  // namespace basin::data
