// A plan in a few words.
#pragma once
#include <string>

#include "basin/app/plan.hpp"

namespace basin::cli {

// Returns "12 trials (4 optimizers, 4 configurations, 3 seeds), 3 epochs of 20,000 images, 2 workers", or
// "60 trials (4 optimizers x 12 trials by tpe, then the best with 3 fresh seeds), ...".
std::string what_runs(const app::Plan& plan);
// Returns a line for each space of a search: "  adam  5.0 decades of lr"; nothing if there is none.
std::string spaces_text(const app::Plan& plan);
// Appends ", about 2 min 10 s".
std::string summary_of(const app::Plan& plan);

// Returns what was chosen for data, in lines: what was seen, the network and the budget, and the command that
// writes them down. Empty if the problem was not made for data.
std::string chosen_text(const app::Plan& plan);

}  // namespace basin::cli
