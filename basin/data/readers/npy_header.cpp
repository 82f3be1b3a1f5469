#include "basin/data/readers/npy_header.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/data/readers/place.hpp"

namespace basin::data {
namespace {

constexpr std::size_t most_axes = 8;
constexpr std::pair<std::string_view, Element> types[] = {
    {"b1", Element::boolean}, {"u1", Element::u8},  {"i1", Element::i8},  {"u2", Element::u16},
    {"i2", Element::i16},     {"u4", Element::u32}, {"i4", Element::i32}, {"i8", Element::i64},
    {"f2", Element::f16},     {"f4", Element::f32}, {"f8", Element::f64}};

class Parser {
 public:
  Parser(std::string_view text, std::size_t offset) : text_(text), offset_(offset) {}

  NpyHeader header() {
    expect('{');
    while (!taken('}')) {
      read_entry();
      if (taken(',')) continue;
      expect('}');
      break;
    }
    skip_blanks();
    if (at_ != text_.size()) refuse("the end of the header");
    for (const char* key : {"descr", "fortran_order", "shape"})
      if (!keys_.contains(key))
        throw FormatError(offset_, "the key '" + std::string(key) + "' in the header", "none");
    return std::move(header_);
  }

 private:
  void read_entry() {
    const std::string key(string());
    expect(':');
    if (!keys_.insert(key).second) refuse("every key once");
    if (key == "descr")
      read_type();
    else if (key == "fortran_order")
      read_order();
    else if (key == "shape")
      read_shape();
    else
      refuse("descr, fortran_order or shape");
  }

  void read_type() {
    skip_blanks();
    const std::size_t begin = at_;
    const std::string_view type = string();
    const std::string_view name = type.substr(std::min<std::size_t>(1, type.size()));
    const auto* found = std::ranges::find(types, name, &std::pair<std::string_view, Element>::first);
    if (type.empty() || std::string_view("<>|=").find(type[0]) == std::string_view::npos ||
        found == std::end(types))
      throw FormatError(offset_ + begin, "a type among b1 u1 i1 u2 i2 u4 i4 i8 f2 f4 f8",
                        quoted(type) + (name.starts_with('O') ? ", Python objects" : ""));
    header_.element = found->second;
    header_.big_endian = type[0] == '>';
  }

  void read_order() {
    skip_blanks();
    header_.fortran_order = text_.substr(at_).starts_with("True");
    if (!header_.fortran_order && !text_.substr(at_).starts_with("False")) refuse("True or False");
    at_ += header_.fortran_order ? 4 : 5;
  }

  void read_shape() {
    expect('(');
    while (!taken(')')) {
      header_.shape.push_back(number());
      if (header_.shape.size() > most_axes) refuse("at most " + std::to_string(most_axes) + " axes");
      if (taken(',')) continue;
      expect(')');
      break;
    }
  }

  std::int64_t number() {
    skip_blanks();
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0) refuse("an extent");
    at_ = static_cast<std::size_t>(stop - text_.data());
    return value;
  }

  std::string_view string() {
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') refuse("a string");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == text_.npos) refuse("a string that ends");
    const std::string_view out = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return out;
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool taken(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!taken(c)) refuse(std::string("'") + c + "'");
  }
  [[noreturn]] void refuse(const std::string& wanted) const {
    throw FormatError(offset_ + at_, wanted,
                      at_ < text_.size() ? quoted(text_.substr(at_, 10)) : "the end of the header");
  }

  std::string_view text_;
  std::size_t offset_, at_ = 0;
  std::set<std::string> keys_;
  NpyHeader header_;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, std::size_t offset) {
  return Parser(text, offset).header();
}

}  // namespace basin::data
