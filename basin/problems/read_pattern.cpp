#include "basin/problems/read_pattern.hpp"

#include <algorithm>
#include <cctype>

#include "basin/core/error.hpp"

namespace basin {
namespace {

constexpr std::size_t longest_line = 1024;

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// A pattern without the names of its groups, which std::regex does not know.
struct Unnamed {
  std::string text;
  std::vector<std::string> names;
  std::vector<std::size_t> groups;
};

// Reads NAME> behind "(?<"; returns its length with the >, 0 if there is none.
std::size_t name_at(std::string_view rest, std::string& name) {
  const auto end = std::ranges::find_if_not(rest, in_name);
  if (end == rest.begin() || end == rest.end() || *end != '>') return 0;
  name.assign(rest.begin(), end);
  return name.size() + 1;
}

// What stands between ( and the name of a group.
std::size_t before_name(std::string_view rest) {
  if (rest.starts_with("?P<")) return 3;
  return rest.starts_with("?<") ? 2 : 0;
}

Unnamed unnamed(std::string_view text) {
  Unnamed out;
  std::size_t groups = 0;
  bool in_class = false;  // within [...] a parenthesis is a character
  for (std::size_t i = 0; i < text.size(); ++i) {
    out.text += text[i];
    if (text[i] == '\\' && i + 1 < text.size()) {
      out.text += text[++i];
    } else if (text[i] == '[' || text[i] == ']') {
      in_class = text[i] == '[';
    } else if (text[i] == '(' && !in_class) {
      const std::string_view rest = text.substr(i + 1);
      const std::size_t before = before_name(rest);
      std::string name;
      const std::size_t length = before > 0 ? name_at(rest.substr(before), name) : 0;
      if (before > 0 && length == 0)
        throw InputError("a group's name must be a word, as in (?<val_loss>\\S+)");
      if (before > 0 || !rest.starts_with("?")) ++groups;
      if (before == 0) continue;
      if (std::ranges::find(out.names, name) != out.names.end())
        throw InputError("two groups have the name " + name);
      out.names.push_back(name);
      out.groups.push_back(groups);
      i += before + length;
    }
  }
  return out;
}

}  // namespace

ReadPattern::ReadPattern(const std::string& text) {
  try {
    Unnamed pattern = unnamed(text);
    regex_ = std::regex(pattern.text, std::regex::ECMAScript | std::regex::optimize);
    if (pattern.names.empty()) throw InputError("it has no named group, as in val loss: (?<val_loss>\\S+)");
    names_ = std::move(pattern.names);
    groups_ = std::move(pattern.groups);
  } catch (const std::regex_error& e) {
    throw InputError("the pattern '" + text + "' is no regular expression: " + e.what());
  } catch (const InputError& e) {
    throw InputError("the pattern '" + text + "': " + e.what());
  }
}

void ReadPattern::search(std::string_view line,
                         const std::function<void(const std::string&, std::string_view)>& found) const {
  line = line.substr(0, longest_line);
  using Match = std::regex_iterator<std::string_view::const_iterator>;
  for (Match match(line.begin(), line.end(), regex_), end; match != end; ++match)
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const auto& group = (*match)[groups_[i]];
      if (group.matched) found(names_[i], std::string_view(group.first, group.second));
    }
}

}  // namespace basin
