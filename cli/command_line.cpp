#include "cli/command_line.hpp"

#include <algorithm>

namespace basin::cli {
namespace {

// Returns " --lr 0.1", the option as it was given; empty if it was not given or is at its default.
std::string written(const Option& option, const Given& given) {
  const auto& [fill, form, usual] = option.setting;
  const auto found = given.find(option.name);
  if (form == Form::positional) return " " + shell_word(found == given.end() ? usual : found->second.front());
  if (found == given.end()) return "";
  const std::string name = form == Form::rest ? "" : " --" + option.name;
  if (form == Form::flag) return name;
  std::string out = form == Form::rest ? " --" : "";
  for (const std::string& text : found->second) {
    if (form == Form::once && text == usual && !usual.empty()) continue;
    out += form == Form::bare && text.empty() ? name : name + " " + shell_word(text);
  }
  return out;
}

}  // namespace

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string command_line(const std::string& verb, const Given& given) {
  std::vector<Option> options = options_of(verb);
  std::ranges::stable_sort(options, {}, &Option::place);
  std::string out = "basin " + verb;
  for (const Option& option : options)
    if (option.place > 0) out += written(option, given);
  return out;
}

}  // namespace basin::cli
