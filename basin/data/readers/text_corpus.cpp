#include "basin/data/readers/text_corpus.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "basin/core/error.hpp"
#include "basin/data/readers/place.hpp"
#include "basin/data/readers/utf8.hpp"

namespace basin::data {
namespace {

constexpr std::size_t most_symbols = std::numeric_limits<std::uint16_t>::max() + 1;

// Calls `visit` with each symbol and its offset.
template <class Visit>
void each_symbol(std::string_view text, TextUnit unit, const Visit& visit) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool single = unit == TextUnit::bytes || byte < 0x80;
    const Character c = single ? Character{byte, 1} : *character_at(text.substr(at));
    visit(c.code, at);
    at += c.bytes;
  }
}

std::vector<char32_t> symbols_of(std::string_view text, TextUnit unit) {
  std::vector<bool> occurs(256);
  each_symbol(text, unit, [&](char32_t symbol, std::size_t) {
    if (symbol >= occurs.size()) occurs.resize(symbol + 1);
    occurs[symbol] = true;
  });
  std::vector<char32_t> out;
  for (char32_t symbol = 0; symbol < occurs.size(); ++symbol)
    if (occurs[symbol]) out.push_back(symbol);
  return out;
}

std::string name_of(std::string_view text, std::size_t at, char32_t symbol, TextUnit unit) {
  if (unit == TextUnit::bytes) return "the byte " + std::to_string(symbol);
  return quoted(text.substr(at, character_at(text.substr(at))->bytes));
}

}  // namespace

TextCorpus parse_text(std::span<const std::uint8_t> bytes, TextUnit unit,
                      const std::vector<char32_t>* known) {
  const std::string_view text = unit == TextUnit::bytes ? text_of(bytes) : checked_text(bytes);
  if (text.empty()) throw FormatError(0, "a text", "an empty file");
  TextCorpus out{known ? *known : symbols_of(text, unit), {}};
  if (out.symbols.size() > most_symbols)
    throw FormatError("characters", "at most " + std::to_string(most_symbols) + " different ones",
                      std::to_string(out.symbols.size()) + "; read the text as bytes");
  constexpr std::uint32_t none = ~0u;
  std::vector<std::uint32_t> id_of(out.symbols.empty() ? 0 : out.symbols.back() + 1, none);
  for (std::size_t i = 0; i < out.symbols.size(); ++i) id_of[out.symbols[i]] = static_cast<std::uint32_t>(i);
  out.ids.reserve(text.size());
  each_symbol(text, unit, [&](char32_t symbol, std::size_t at) {
    if (symbol >= id_of.size() || id_of[symbol] == none)
      throw FormatError("line " + std::to_string(line_of(text, at)), "a symbol of the first text",
                        name_of(text, at, symbol, unit));
    out.ids.push_back(static_cast<std::uint16_t>(id_of[symbol]));
  });
  return out;
}

}  // namespace basin::data
