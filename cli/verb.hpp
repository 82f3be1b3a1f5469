// A verb of the command: `basin compare`, `basin list`. To add one, add a file in verbs/ and a line in
// verbs.hpp.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>

namespace basin::cli {

// Runs a verb once its arguments are read; returns the exit status. May throw Error.
using Action = std::function<int()>;

struct Verb {
  std::string name, summary;
  std::string example;                       // a complete working line: "basin list optimizers"
  std::function<Action(CLI::App&)> declare;  // adds the verb's arguments to the parser
};

// Arguments are read as text and checked by values.hpp, so that every error reads alike. `target` is shown as
// the default in the help, and must outlive parsing.
CLI::Option* argument(CLI::App& app, const std::string& name, std::string& target, const std::string& help);
CLI::Option* argument(CLI::App& app, const std::string& name, std::optional<std::string>& target,
                      const std::string& help);

}  // namespace basin::cli
