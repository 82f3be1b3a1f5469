#include "basin/problems/program.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/problems/read_pattern.hpp"

namespace basin {
namespace {

struct Prefix {
  std::string_view text;
  Split split;
};
constexpr std::array prefixes{
    Prefix{"validation_", Split::validation}, Prefix{"valid_", Split::validation},
    Prefix{"val_", Split::validation},        Prefix{"training_", Split::train},
    Prefix{"train_", Split::train},           Prefix{"test_", Split::test},
};

const Prefix* prefix_of(std::string_view name) {
  for (const Prefix& prefix : prefixes)
    if (name.starts_with(prefix.text) && name.size() > prefix.text.size()) return &prefix;
  return nullptr;
}

std::string without_prefix(std::string_view name) {
  const Prefix* prefix = prefix_of(name);
  return std::string(prefix ? name.substr(prefix->text.size()) : name);
}

void check_time(const char* name, double seconds) {
  if (!(seconds >= 0 && std::isfinite(seconds)))
    throw InputError(std::string(name) + " = " + text_of(seconds) + "; it must be 0 s or more");
}

}  // namespace

Reported place_of(std::string_view reported, std::string_view ranking) {
  if (reported == ranking) return {Split::validation, without_prefix(reported)};
  if (const Prefix* prefix = prefix_of(reported)) return {prefix->split, without_prefix(reported)};
  const Prefix* of_ranking = prefix_of(ranking);
  const bool validation_is_named = of_ranking && of_ranking->split == Split::validation;
  return {validation_is_named ? Split::train : Split::validation, std::string(reported)};
}

Goal goal_of(const std::string& metric) {
  const auto words = split(trimmed(metric), ' ');
  if (words.size() < 2 || words.front().empty() || (words.back() != "min" && words.back() != "max") ||
      std::ranges::any_of(words.begin() + 1, words.end() - 1, [](auto word) { return !word.empty(); }))
    throw InputError("metric = \"" + metric + "\"; it must be a name and min or max: val_loss min");
  return {std::string(words.front()), words.back() == "max"};
}

Words metrics_of(const Program& program) {
  const std::string ranking = goal_of(program.metric).name;
  Words out{without_prefix(ranking)};
  for (const std::string& text : program.read) {
    const ReadPattern pattern(text);
    for (const std::string& name : pattern.names()) {
      const std::string metric = place_of(name, ranking).metric;
      if (name != "epoch" && std::ranges::find(out, metric) == out.end()) out.push_back(metric);
    }
  }
  return out;
}

void check(const Program& program) {
  if (program.command.empty() || program.command.front().empty())
    throw InputError("the program has no command; it must be like [\"python3\", \"train.py\"]");
  if (program.command.size() == 1 && program.command[0].find_first_of(" \t") != std::string::npos &&
      program.command[0].find('/') == std::string::npos)
    throw InputError("command = \"" + program.command[0] +
                     "\"; it must be a list: [\"python3\", \"train.py\"]");
  goal_of(program.metric);
  for (const std::string& pattern : program.read) ReadPattern{pattern};
  check_time("time_limit", program.time_limit);
  check_time("grace", program.grace);
}

}  // namespace basin
