// The output of an experiment on standard output.
#pragma once
#include "basin/app/plan.hpp"
#include "basin/study/store.hpp"
#include "cli/terminal.hpp"

namespace basin::cli {

// Prints a dry run: every trial and what it varies, and how long all of it would take.
void print_trials(const app::Plan& plan);

// Prints the results, and the paths of what was written.
void print_results(const app::Plan& plan, const std::vector<study::StoredTrial>& trials, Style style);

}  // namespace basin::cli
