#include "basin/core/names.hpp"

#include <algorithm>
#include <cctype>

namespace basin {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap_cost = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + swap_cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string> known) {
  const std::string w = lower(wrong);
  if (w.empty() || w.size() > 100) return std::nullopt;  // a pasted file is not a typo
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& name : known) {
    const std::string k = lower(name);
    const bool beginning = w.size() >= 2 && (k.starts_with(w) || w.starts_with(k));
    const std::size_t d = distance(w, k);
    if (!beginning && 3 * d > std::max(w.size(), k.size())) continue;
    if (!best || d < best_distance) best = name, best_distance = d;
  }
  return best;
}

std::string listed(std::span<const std::string> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::string suggestion(std::string_view wrong, std::span<const std::string> known) {
  if (const auto near = nearest(wrong, known)) return "did you mean '" + *near + "'?";
  return known.empty() ? "there is none" : "it is one of " + listed(known);
}

std::string unknown(std::string_view kind, std::string_view wrong, std::span<const std::string> known) {
  return "unknown " + std::string(kind) + " '" + std::string(wrong) + "'; " + suggestion(wrong, known);
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::vector<std::string_view> pieces(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t end = text.find(separator);
    out.push_back(text.substr(0, end));
    if (end == text.npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out = pieces(text, separator);
  std::ranges::transform(out, out.begin(), trimmed);
  return out;
}

std::vector<std::string> split_list(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ',');
  return {parts.begin(), parts.end()};
}

}  // namespace basin
