// Names that people type: the nearest known one for a typo, and lists for messages.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace basin {

// The known name nearest to `wrong` (optimal string alignment distance, case ignored), when it is near enough to be
// meant: at most a third of the longer name's letters wrong, or one is the beginning of the other.
std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string> known);

// "a, b and c"
std::string listed(std::span<const std::string> names);

// "did you mean 'adam'?", or, where none is near, "it is one of a, b and c"; "there is none" of an empty list.
std::string suggestion(std::string_view wrong, std::span<const std::string> known);
// "unknown optimizer 'adma'; did you mean 'adam'?", or, where none is near, "...; it is one of a, b and c".
std::string unknown(std::string_view kind, std::string_view wrong, std::span<const std::string> known);

// Without the blanks around it.
std::string_view trimmed(std::string_view text);
// The parts of `text` between separators, blanks around them removed; a part may be empty.
std::vector<std::string_view> split(std::string_view text, char separator);
// The parts of `text` between commas, blanks around them removed; a part may be empty.
std::vector<std::string> split_list(std::string_view text);

}  // namespace basin
