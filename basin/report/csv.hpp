// curves.csv: one row per trial and epoch, as docs/formats.md describes.
#pragma once
#include <string>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::report {

// In the order of the given trials, which is that of their numbers. Deterministic except for the last column,
// `seconds`.
// `metrics` are the names of what the problem reports; each is a column of both splits.
std::string curves_csv(const std::vector<study::StoredTrial>& trials, const Names& metrics);

}  // namespace basin::report
