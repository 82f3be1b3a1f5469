#include "basin/data/readers/place.hpp"

#include <algorithm>

namespace basin::data {
namespace {

constexpr std::size_t longest_value = 40;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::size_t line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

std::string one_line(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return out;
}

std::string quoted(std::string_view value) {
  std::string_view shown = value.substr(0, longest_value);
  while (shown.size() < value.size() && !shown.empty() && continues_character(value[shown.size()]))
    shown.remove_suffix(1);
  return std::string(1, '\'').append(one_line(shown)).append(shown.size() < value.size() ? "...'" : "'");
}

}  // namespace basin::data
