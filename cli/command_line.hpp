// The command line that repeats an experiment, as one would type it.
#pragma once
#include <string>
#include <string_view>

#include "cli/experiment_options.hpp"

namespace basin::cli {

// Returns `text` as one word of a POSIX shell.
std::string shell_word(std::string_view text);

// Returns "basin compare fmnist-cnn --seeds 3": the given options, except those that say where and whether to
// write.
std::string command_line(const std::string& verb, const ExperimentArguments& given,
                         const ExperimentArguments& defaults);

}  // namespace basin::cli
