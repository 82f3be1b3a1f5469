// The options of compare, train and lr-find. Each is declared once, as a line of the table in options.cpp.
// The parser, --help, the request and the command that repeats a study follow from the table.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/setting.hpp"
#include "cli/verb.hpp"

namespace basin::cli {

struct Option {
  std::string name;                     // "lr" for --lr
  std::vector<std::string_view> verbs;  // that have it
  int place;                            // in the command that repeats a study; 0 if it is not part of it
  Setting setting;
  std::string help;
};

// Returns the options of one verb, in the order of --help.
std::vector<Option> options_of(std::string_view verb);

// The given options: the texts of each, by its name in the table. A flag has none.
using Given = std::map<std::string, std::vector<std::string>>;

// Adds the options of the verb to its parser, which fills `given`. `given` must outlive the parser.
void declare_options(CLI::App& app, Given& given);

// Returns what the given options ask for. Checks names, numbers and ranges, and looks at nothing but the
// texts. Throws InputError, which names the option.
Asked asked(const std::string& verb, const Given& given);

}  // namespace basin::cli
