#include "cli/text_table.hpp"

#include <algorithm>

namespace basin::cli {
namespace {

constexpr std::string_view gap = "  ";

std::vector<std::string> lines_of(std::string_view cell) {
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = cell.find('\n');
    lines.emplace_back(cell.substr(0, end));
    if (end == std::string_view::npos) return lines;
    cell.remove_prefix(end + 1);
  }
}

std::string joined(const std::vector<std::string>& cells, const std::vector<Column>& columns,
                   const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (c > 0) line += gap;
    line += padded(cells[c], widths[c], columns[c].align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::size_t width_of(std::string_view text) {
  const auto begins_letter = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_letter));
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  const std::string blanks(width - std::min(width, width_of(text)), ' ');
  return align == Align::left ? std::string(text) + blanks : blanks + std::string(text);
}

std::string text_table(const std::vector<Column>& columns,
                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  std::vector<std::string> headers;
  for (const Column& column : columns) {
    headers.push_back(column.header);
    widths.push_back(width_of(column.header));
  }
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      for (const std::string& line : lines_of(row[c])) widths[c] = std::max(widths[c], width_of(line));
    }
  }
  std::size_t total = gap.size() * (columns.size() - 1);
  for (const std::size_t w : widths) total += w;

  std::string out = joined(headers, columns, widths);
  for (std::size_t i = 0; i < total; ++i) out += "─";
  out += "\n";
  for (const auto& row : rows) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (const std::string& cell : row) {
      cells.push_back(lines_of(cell));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
      std::vector<std::string> parts;
      for (const auto& cell : cells) parts.push_back(line < cell.size() ? cell[line] : "");
      out += joined(parts, columns, widths);
    }
  }
  return out;
}

}  // namespace basin::cli
