// Names that people type: the nearest known name for a typo, and lists for messages.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace basin {

// Returns the known name nearest to `wrong` (optimal string alignment distance, ignoring case) if it is near
// enough to be meant: at most a third of the longer name's letters differ, or one name is a prefix of the
// other.
std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string> known);

// "a, b and c"
std::string listed(std::span<const std::string> names);

// Returns "did you mean 'adam'?"; if no name is near, "it is one of a, b and c"; for an empty list, "there is
// none".
std::string suggestion(std::string_view wrong, std::span<const std::string> known);
// Returns "unknown optimizer 'adma'; did you mean 'adam'?"; if no name is near, "...; it is one of a, b and
// c".
std::string unknown(std::string_view kind, std::string_view wrong, std::span<const std::string> known);

// Returns `text` without leading and trailing blanks.
std::string_view trimmed(std::string_view text);
// Returns the parts of `text` between separators, as they are; a part may be empty.
std::vector<std::string_view> pieces(std::string_view text, char separator);
// Returns the parts of `text` between separators, trimmed; a part may be empty.
std::vector<std::string_view> split(std::string_view text, char separator);
// Returns the parts of `text` between commas, trimmed; a part may be empty.
std::vector<std::string> split_list(std::string_view text);

}  // namespace basin
