// The command line that repeats a study, as one would type it.
#pragma once
#include <string>
#include <string_view>

#include "cli/options.hpp"

namespace basin::cli {

// Returns `text` as one word of a POSIX shell.
std::string shell_word(std::string_view text);

// Returns "basin compare fmnist-cnn --seeds 3": the given options that have a place in it and are not at
// their default.
std::string command_line(const std::string& verb, const Given& given);

}  // namespace basin::cli
