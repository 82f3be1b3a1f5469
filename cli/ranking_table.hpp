// The ranking table at the end of a comparison, for a terminal of 100 columns.
#pragma once
#include <string>
#include <vector>

#include "basin/problems/problem.hpp"
#include "basin/study/ranking.hpp"

namespace basin::cli {

// Returns "batch 64, init default": batch size and initializer, if all trials have the same.
std::string shared_settings(const std::vector<study::StoredTrial>& trials);

// One row per optimizer: its selected configuration (the learning rate, and what varies), validation and test
// metric, epochs and seconds to the target, the number diverged of all its trials, optimizer state and
// milliseconds per step. If only some replicates reached the target, the mean is over those, and their number
// is given below.
std::string ranking_table(const std::vector<study::RankingRow>& ranking,
                          const std::vector<study::StoredTrial>& trials, const std::string& metric);

}  // namespace basin::cli
