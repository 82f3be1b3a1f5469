#include "basin/program/placeholders.hpp"

#include <algorithm>
#include <cctype>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin::program {
namespace {

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
}

bool contains(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Returns the length of the name between the brace at `at` and the next; 0 if that is no placeholder.
std::size_t name_length(std::string_view word, std::size_t at) {
  const std::string_view rest = word.substr(at + 1);
  if (rest.empty() || !begins_name(rest.front())) return 0;
  const auto end = std::ranges::find_if_not(rest, in_name);
  return end != rest.end() && *end == '}' ? static_cast<std::size_t>(end - rest.begin()) : 0;
}

// Calls text(part) for what stays and name(name) for each placeholder, in their order.
void read(std::string_view word, auto text, auto name) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    const std::size_t length = word[i] == '{' ? name_length(word, i) : 0;
    const bool doubled = word[i] == '{' && i + 1 < word.size() && word[i + 1] == '{';
    const std::size_t inner = doubled ? name_length(word, i + 1) : 0;
    if (inner > 0 && word.substr(i + inner + 2).starts_with("}}")) {
      text(word.substr(i + 1, inner + 2));
      i += inner + 3;
    } else if (length > 0 && (i == 0 || word[i - 1] != '$')) {
      name(word.substr(i + 1, length));
      i += length + 1;
    } else {
      text(word.substr(i, 1));
    }
  }
}

Words unused(const Words& command, const Words& space) {
  const Words used = placeholders_of(command);
  if (contains(used, "config")) return {};
  Words out;
  for (const std::string& name : space)
    if (!contains(used, name)) out.push_back(name);
  return out;
}

bool uses_any(const Words& command, const Words& space) {
  return unused(command, space).size() < space.size();
}

[[noreturn]] void names_nothing(const std::string& name, const Words& space) {
  Words known = space;
  for (const std::string_view word : given) known.emplace_back(word);
  throw InputError("the command has {" + name + "}, but nothing of this name is searched; " +
                   suggestion(name, known) + " (write {{" + name + "}} for the text {" + name + "})");
}

}  // namespace

Words placeholders_of(const Words& command) {
  Words out;
  for (const std::string& word : command)
    read(
        word, [](std::string_view) {},
        [&](std::string_view name) {
          if (!contains(out, name)) out.emplace_back(name);
        });
  return out;
}

std::string filled(std::string_view word, const Values& values) {
  std::string out;
  read(
      word, [&](std::string_view text) { out += text; },
      [&](std::string_view name) {
        const auto found = values.find(std::string(name));
        if (found == values.end())
          throw InputError("the command has {" + std::string(name) + "}, but the trial has no value for it");
        out += found->second;
      });
  return out;
}

void check_placeholders(const Words& command, const Words& space) {
  for (const std::string& name : space)
    if (contains(given, name))
      throw InputError("'" + name + "' cannot be searched: basin gives every trial its own {" + name + "}");
  for (const std::string& name : placeholders_of(command))
    if (!contains(given, name) && !contains(space, name)) names_nothing(name, space);
  const Words left = unused(command, space);
  if (left.empty() || !uses_any(command, space)) return;
  throw InputError("'" + left.front() + "' is searched, but the command does not use it; add {" +
                   left.front() + "}, or {config} for a file with all values");
}

std::string warning_of(const Words& command, const Words& space) {
  if (space.empty() || unused(command, space).empty() || uses_any(command, space)) return {};
  return "the command uses no {" + space.front() +
         "}; the program must read the values from the file that BASIN_CONFIG names";
}

}  // namespace basin::program
