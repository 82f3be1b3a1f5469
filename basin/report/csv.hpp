// curves.csv: one row per trial and epoch, as docs/formats.md says.
#pragma once
#include <string>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::report {

// In the order of the trials given, which is that of their numbers. Deterministic but for the last column, `seconds`.
std::string curves_csv(const std::vector<study::StoredTrial>& trials);

}  // namespace basin::report
