#include "basin/core/knobs.hpp"

#include <charconv>

namespace basin {

std::string text_of(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

void check_range(std::string_view rule, std::string_view knob, double value, const Range& range) {
  if (range.contains(value)) return;
  throw InputError(std::string(rule) + ": " + std::string(knob) + " = " + text_of(value) +
                   " is outside its range; it must be " + std::string(range.meaning));
}

void no_such_knob(std::string_view rule, std::string_view knob, std::span<const std::string_view> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  throw InputError(std::string(rule) + ": " + unknown("knob", knob, names));
}

std::size_t knob_index(std::string_view rule, std::span<const Knob> knobs, std::string_view knob) {
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    if (knobs[i].name == knob) return i;
    known.push_back(knobs[i].name);
  }
  no_such_knob(rule, knob, known);
}

}  // namespace basin
