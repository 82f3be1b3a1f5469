// An experiment from its plan to its report, for compare and train.
#pragma once
#include "cli/setting.hpp"

namespace basin::cli {

// How much is printed: a comparison ends with the ranking table; a single trial shows every epoch and its
// test result.
enum class Style { comparison, single_trial };

// Returns the exit status. Progress goes to standard error, results to standard output.
int run_experiment(const Asked& asked, Style style);

}  // namespace basin::cli
