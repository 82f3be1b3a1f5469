// The placeholders of a program's command: python3 train.py --lr {lr} --seed {seed}
//
//   {lr}      the value of a parameter of the space
//   {seed}    the seed of the trial's replicate      {trial}   the trial's number
//   {folder}  the trial's own folder                 {config}  a JSON file with the values of all parameters
//   {{lr}}    the text {lr}
//
// A name is made of letters, digits, _, - and points, and begins with a letter or _. Other braces, and
// ${HOME}, stay as they are, for shells and awk.
#pragma once
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "basin/problems/program.hpp"

namespace basin::program {

// What basin gives to every trial.
inline constexpr std::array<std::string_view, 4> given{"seed", "trial", "folder", "config"};

using Values = std::map<std::string, std::string>;

// Returns the names in the placeholders of a command, each once, in their order.
Words placeholders_of(const Words& command);

// Returns the word with values in the place of its placeholders. Throws InputError if one has no value.
std::string filled(std::string_view word, const Values& values);

// Throws InputError for a placeholder that `space`, the names of the parameters, does not have; for a
// parameter of a name that basin gives; and for a parameter that no placeholder uses. The last is right in
// two cases: the command has {config}, or it has no parameter's placeholder at all. Then the program reads
// the file, whose path is also in the variable BASIN_CONFIG.
void check_placeholders(const Words& command, const Words& space);
// Returns what a person should know before that second case runs; empty otherwise.
std::string warning_of(const Words& command, const Words& space);

}  // namespace basin::program
