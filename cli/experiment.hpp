// An experiment from its plan to its report, for compare and train.
#pragma once
#include "cli/setting.hpp"
#include "cli/terminal.hpp"

namespace basin::cli {

// Returns the exit status. Progress goes to standard error, results to standard output.
int run_experiment(const Asked& asked, Style style);

}  // namespace basin::cli
