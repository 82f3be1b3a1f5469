// A plan in one line.
#pragma once
#include <string>

#include "basin/app/plan.hpp"

namespace basin::cli {

// Returns "12 trials (4 optimizers, 4 configurations, 3 seeds), 3 epochs of 20,000 images, 2 workers".
std::string what_runs(const app::Plan& plan);
// Appends ", about 2 min 10 s".
std::string summary_of(const app::Plan& plan);

}  // namespace basin::cli
