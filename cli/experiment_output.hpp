// The output of an experiment on standard output.
#pragma once
#include "basin/study/store.hpp"
#include "cli/experiment.hpp"
#include "cli/plan.hpp"

namespace basin::cli {

// Prints a dry run: every trial and what it varies, and how long all of it would take.
void print_trials(const Plan& plan);

// Prints the results, and the paths of what was written.
void print_results(const Plan& plan, const std::vector<study::StoredTrial>& trials, Style style);

}  // namespace basin::cli
