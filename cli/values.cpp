#include "cli/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "basin/app/places.hpp"
#include "basin/core/knobs.hpp"
#include "basin/data/readers/csv_cursor.hpp"

namespace basin::cli {

std::vector<std::string> items(std::string_view option, std::string_view text) {
  if (text.find_first_not_of(' ') == std::string_view::npos)
    throw InputError(
        fmt::format("{}: the list is empty; give one value, or several with commas between", option));
  std::vector<std::string> parts = split_list(text);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) throw InputError(fmt::format("{}: item {} of '{}' is empty", option, i + 1, text));
  }
  return parts;
}

std::vector<std::string> column_names(std::string_view option, std::string_view text) {
  std::vector<std::string> names;
  try {
    data::CsvCursor cursor(text, ',');
    cursor.next_row();
    while (cursor.more()) names.emplace_back(cursor.field());
    if (cursor.next_row()) throw InputError("it has several lines");
  } catch (const InputError& e) {
    throw InputError(
        fmt::format("{}: '{}': {}; write names with commas between, and one with a comma as '\"a,b\",c'",
                    option, text, e.what()));
  }
  if (names.empty() || std::ranges::find(names, "") != names.end())
    throw InputError(fmt::format("{}: an empty name among '{}'", option, text));
  return names;
}

std::string column_names_text(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) {
    const bool plain =
        name.find_first_of(",\"\r\n") == std::string::npos && !name.starts_with(' ') && !name.ends_with(' ');
    std::string quoted = "\"";
    for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
    out += (out.empty() ? "" : ",") + (plain ? name : quoted + '"');
  }
  return out;
}

double number(std::string_view option, std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::result_out_of_range)
    throw InputError(fmt::format("{}: '{}' does not fit a double; write a number like 0.001", option, text));
  if (error != std::errc{} || stop != end)
    throw InputError(fmt::format("{}: '{}' is not a number; write it like 0.001 or 1e-3", option, text));
  return value;
}

std::string as_typed(double value) {
  std::string out = text_of(value);
  if (const std::size_t exponent = out.find("e-0"); exponent != std::string::npos) out.erase(exponent + 2, 1);
  return out;
}

double number_in(const Range& range, std::string_view option, std::string_view text) {
  const double value = number(option, text);
  if (!range.contains(value))
    throw InputError(
        fmt::format("{}: '{}' is outside its range; it must be {}", option, text, range.meaning));
  return value;
}

std::int64_t whole(std::string_view option, std::string_view text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && stop == end && value >= low && value <= high) return value;
  throw InputError(fmt::format("{}: '{}' is not a whole number from {} to {}", option, text, low, high));
}

std::optional<std::filesystem::path> path_of(std::string_view option,
                                             const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  if (text->empty()) throw InputError(fmt::format("{}: the path is empty", option));
  return std::filesystem::path(*text);
}

std::optional<std::filesystem::path> kept_path_of(std::string_view option,
                                                  const std::optional<std::string>& text) {
  if (text) app::check_utf8(option, *text);
  return path_of(option, text);
}

const std::string& wanted(std::string_view name, const std::optional<std::string>& text) {
  if (!text || text->empty()) throw InputError(fmt::format("{} is missing; --help shows an example", name));
  return *text;
}

}  // namespace basin::cli
