// Walks over the fields of a CSV text, row by row: the grammar of RFC 4180, without its meaning.
//
// Layout   rows end with LF or CRLF, the last one perhaps with nothing; fields stand between separators;
//          blanks around a field do not belong to it; a field in quotes may hold separators and newlines, and
//          a quote if it is doubled
// Accepts  lines of blanks, which are skipped
// Refuses  with FormatError that names the line: a quote that is never closed, and text behind a closed quote
// Cost     one pass; a number is read where it stands, without looking for the end of its field first
#pragma once
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace basin::data {

class CsvCursor {
 public:
  // Begins at `offset`, the start of a row or field of `text`, which must outlive the cursor.
  CsvCursor(std::string_view text, char separator, std::size_t offset = 0)
      : begin_(text.data()), at_(begin_ + offset), end_(begin_ + text.size()), separator_(separator) {}

  // Moves to the next row that is not blank; false at the end of the text.
  bool next_row();
  // Whether the row has another field.
  bool more() const { return more_; }
  // The position in the text.
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

  // Reads the next field if it is a number as float32 knows it, infinite if it is too large; otherwise stays.
  // Between semicolons, a decimal comma is as good as a point.
  bool number(float& value) {
    const char* p = after_blanks(at_);
    if (p != end_ && *p == '+' && p + 1 != end_ && p[1] != '-') ++p;
    const auto [stop, error] = std::from_chars(p, end_, value);
    if (error == std::errc::invalid_argument) return false;
    if (error != std::errc()) value = beyond_float({p, static_cast<std::size_t>(stop - p)});
    if (separator_ == ';' && stop != end_ && *stop == ',') return decimal_comma(p, value);
    return finish(stop);
  }

  // Reads the next field, without its quotes. The view is valid until the next call.
  std::string_view field();
  // Whether that view is into a copy, not into the text.
  bool copied() const { return copied_; }

 private:
  const char* after_blanks(const char* p) const {
    while (p != end_ && *p == ' ') ++p;
    return p;
  }
  bool ends_row(const char* p) const {
    return p == end_ || *p == '\n' || (*p == '\r' && (p + 1 == end_ || p[1] == '\n'));
  }
  void begin_next_row(const char* p) {
    if (p != end_ && *p == '\r') ++p;
    at_ = p == end_ ? p : p + 1;
    more_ = false;
  }
  // Ends the field at `p` if nothing but blanks stands between there and the next field or row.
  bool finish(const char* p) {
    p = after_blanks(p);
    if (p != end_ && *p == separator_) {
      at_ = p + 1;
      return true;
    }
    if (!ends_row(p)) return false;
    begin_next_row(p);
    return true;
  }
  std::string_view quoted_field(const char* quote);
  bool decimal_comma(const char* p, float& value);
  static float beyond_float(std::string_view number);

  const char *begin_, *at_, *end_;
  char separator_;
  bool more_ = false, copied_ = false;
  std::string unquoted_;  // a field with doubled quotes
};

}  // namespace basin::data
