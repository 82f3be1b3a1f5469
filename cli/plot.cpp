#include "cli/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace basin::cli {

std::string plot(std::span<const PlotPoints> points, double low, double high, double marked,
                 std::size_t width, std::size_t height) {
  const double first = points.front().x.front(), last = points.front().x.back();
  const auto column = [&](double x) {
    const double share = std::log(x / first) / std::log(last / first);
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(width - 1)));
  };
  std::vector<std::string> rows(height, std::string(width, ' '));
  for (std::string& row : rows) row[column(marked)] = '|';
  for (const PlotPoints& p : points)
    for (std::size_t i = 0; i < p.x.size(); ++i) {
      if (!std::isfinite(p.y[i])) continue;
      const double share = (high - std::clamp(p.y[i], low, high)) / (high - low);
      rows[static_cast<std::size_t>(std::lround(share * static_cast<double>(height - 1)))][column(p.x[i])] =
          p.mark;
    }
  std::string out;
  for (std::size_t r = 0; r < height; ++r) {
    std::string& row = rows[r];
    row.erase(row.find_last_not_of(' ') + 1);
    const double y = high - (high - low) * static_cast<double>(r) / static_cast<double>(height - 1);
    out += fmt::format("{:>9.4g} {}\n", y, row);
  }
  const std::string left = fmt::format("{:.1e}", first), right = fmt::format("{:.1e}", last);
  return out + fmt::format("{:10}{}{:>{}}\n", "", left, right, width - left.size());
}

}  // namespace basin::cli
