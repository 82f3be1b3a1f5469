#include "basin/data/readers/csv_cursor.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "basin/core/error.hpp"
#include "basin/data/readers/place.hpp"

namespace basin::data {
namespace {

std::string_view without_trailing_blanks(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool CsvCursor::next_row() {
  while (at_ != end_) {
    const char* p = after_blanks(at_);
    more_ = !ends_row(p);
    if (more_) return true;
    begin_next_row(p);
  }
  return false;
}

std::string_view CsvCursor::field() {
  copied_ = false;
  const char* begin = after_blanks(at_);
  if (begin != end_ && *begin == '"') return quoted_field(begin);
  const char* stop = begin;
  while (stop != end_ && *stop != separator_ && *stop != '\n') ++stop;
  const char* last = stop;
  if ((stop == end_ || *stop == '\n') && last != begin && last[-1] == '\r') --last;
  finish(stop == end_ || *stop == separator_ ? stop : last);
  return without_trailing_blanks({begin, static_cast<std::size_t>(last - begin)});
}

std::string_view CsvCursor::quoted_field(const char* quote) {
  const std::string_view text(begin_, static_cast<std::size_t>(end_ - begin_));
  const auto line = [&](const char* p) {
    return "line " + std::to_string(line_of(text, static_cast<std::size_t>(p - begin_)));
  };
  unquoted_.clear();
  for (const char* from = quote + 1;;) {
    const auto* close =
        static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end_ - from)));
    if (!close)
      throw FormatError(line(quote), "a closing quote for the one that opens there", "the end of the file");
    const bool doubled = close + 1 != end_ && close[1] == '"';
    const std::string_view piece(from, static_cast<std::size_t>(close - from));
    if (doubled || !unquoted_.empty()) unquoted_.append(piece);
    if (!doubled) {
      if (!finish(close + 1))
        throw FormatError(line(close), "a separator behind the closing quote",
                          quoted(text.substr(static_cast<std::size_t>(close + 1 - begin_), 1)));
      copied_ = !unquoted_.empty();
      return copied_ ? std::string_view(unquoted_) : piece;
    }
    unquoted_ += '"';
    from = close + 2;
  }
}

bool CsvCursor::decimal_comma(const char* p, float& value) {
  std::array<char, 64> text;  // with a point
  std::size_t size = 0;
  for (; p != end_ && *p != separator_ && *p != ' ' && !ends_row(p); ++p) {
    if (size == text.size()) return false;
    text[size++] = *p == ',' ? '.' : *p;
  }
  const auto [stop, error] = std::from_chars(text.data(), text.data() + size, value);
  if (error == std::errc::invalid_argument || stop != text.data() + size) return false;
  if (error != std::errc()) value = beyond_float({text.data(), size});
  return finish(p);
}

// from_chars leaves the value alone where float32 has none: too large, or too small.
float CsvCursor::beyond_float(std::string_view number) {
  double value = 0;
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error == std::errc() && std::abs(value) < 1) return static_cast<float>(value);
  const bool small = error != std::errc() &&
                     (number.find("e-") != number.npos || number.find("E-") != number.npos ||
                      number.starts_with("0.") || number.starts_with("-0.") || number.starts_with('.'));
  return small ? 0.0f : std::numeric_limits<float>::infinity();
}

}  // namespace basin::data
