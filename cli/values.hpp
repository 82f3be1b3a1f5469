// Values as people type them: numbers, whole numbers, comma-separated lists. Each error is an InputError that
// names the option, what was found and what would be right.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/domain.hpp"

namespace basin::cli {

// Returns the items between commas. Throws for an empty list or item.
std::vector<std::string> items(std::string_view option, std::string_view text);
// Returns names of columns, written as a row of CSV is: a name with a comma stands in quotes. Throws for an
// empty name, and for what is no row.
std::vector<std::string> column_names(std::string_view option, std::string_view text);
// The inverse.
std::string column_names_text(std::span<const std::string> names);
// Parses the whole text as a decimal number, including infinity and NaN: ranges refuse those.
double number(std::string_view option, std::string_view text);
// Returns the number as people write it: 1e-7, not 1e-07.
std::string as_typed(double value);
double number_in(const Range& range, std::string_view option, std::string_view text);
// Parses a whole number in [low, high].
std::int64_t whole(std::string_view option, std::string_view text, std::int64_t low, std::int64_t high);
// Throws for an empty path.
std::optional<std::filesystem::path> path_of(std::string_view option, const std::optional<std::string>& text);
// For a path that is stored in a study or a document: also throws if it is not UTF-8, which JSON requires.
std::optional<std::filesystem::path> kept_path_of(std::string_view option,
                                                  const std::optional<std::string>& text);
// Throws if a required argument is missing.
const std::string& wanted(std::string_view name, const std::optional<std::string>& text);

}  // namespace basin::cli
