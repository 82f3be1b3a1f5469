#include "basin/data/readers/libsvm.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "basin/core/error.hpp"
#include "basin/data/readers/place.hpp"
#include "basin/data/readers/utf8.hpp"

namespace basin::data {
namespace {

constexpr std::int64_t largest_index = std::numeric_limits<std::int32_t>::max();

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Takes the first word off `line`.
std::string_view next_word(std::string_view& line) {
  while (!line.empty() && is_blank(line[0])) line.remove_prefix(1);
  std::size_t end = 0;
  while (end < line.size() && !is_blank(line[end])) ++end;
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

// Whether all of `text` is one number of this type.
template <class Number>
bool number_in(std::string_view text, Number& number) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size();
}

// Finite in float32; a value too small for it is 0, as elsewhere.
bool value_in(std::string_view text, float& value) {
  double wide = 0;
  if (number_in(text, value)) return std::isfinite(value);
  if (!number_in(text, wide) || !(std::abs(wide) < 1)) return false;
  value = static_cast<float>(wide);
  return true;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  SparseRows rows() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      const std::string_view line = rest.substr(0, rest.find('\n'));
      read_line(line.substr(0, line.find('#')));
      at_ += line.size() + 1;
    }
    if (out_.labels.empty()) throw FormatError("line 1", "a label and index:value pairs", "no row");
    return std::move(out_);
  }

 private:
  void read_line(std::string_view line) {
    const std::string_view label = next_word(line);
    if (label.empty()) return;
    double number = 0;
    if (!number_in(label, number) || !std::isfinite(number)) refuse("a label that is a finite number", label);
    std::int64_t before = 0;
    for (std::string_view pair = next_word(line); !pair.empty(); pair = next_word(line))
      before = read_pair(pair, before);
    out_.labels.push_back(number);
    out_.row_offsets.push_back(static_cast<std::int64_t>(out_.columns.size()));
  }

  // Returns the index of the pair, which must be above `before`.
  std::int64_t read_pair(std::string_view pair, std::int64_t before) {
    const std::size_t colon = pair.find(':');
    if (colon == pair.npos) refuse("index:value", pair);
    if (pair.starts_with("qid:")) refuse("index:value, for basin does not rank by queries", pair);
    std::int64_t index = 0;
    float value = 0;
    if (!number_in(pair.substr(0, colon), index) || index < 1) refuse("an index from 1 on", pair);
    if (index > largest_index) refuse("an index up to " + std::to_string(largest_index), pair);
    if (index <= before) refuse("an index above " + std::to_string(before), pair);
    if (!value_in(pair.substr(colon + 1), value)) refuse("a finite number behind the index", pair);
    out_.columns.push_back(static_cast<std::int32_t>(index - 1));
    out_.values.push_back(value);
    out_.width = std::max(out_.width, index);
    return index;
  }

  [[noreturn]] void refuse(const std::string& wanted, std::string_view found) const {
    throw FormatError("line " + std::to_string(line_of(text_, at_)), wanted, quoted(found));
  }

  std::string_view text_;
  std::size_t at_ = 0;  // where the line begins
  SparseRows out_;
};

}  // namespace

SparseRows parse_libsvm(std::span<const std::uint8_t> bytes) { return Reader(checked_text(bytes)).rows(); }

}  // namespace basin::data
