// Text tables for a terminal: columns as wide as their widest cell, and a rule under the header.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace basin::cli {

enum class Align { left, right };

struct Column {
  std::string header;
  Align align = Align::left;
};

// Returns the columns of a monospaced terminal that UTF-8 `text` takes, for letters that take one each.
std::size_t width_of(std::string_view text);

// Returns `text` padded with blanks to `width`.
std::string padded(std::string_view text, std::size_t width, Align align);

// A cell may have several lines. No line ends in a blank; the table ends in a line feed.
std::string text_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows);

}  // namespace basin::cli
