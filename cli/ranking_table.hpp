// The ranked table that ends a comparison, for a terminal of 100 columns.
#pragma once
#include <string>
#include <vector>

#include "basin/problems/problem.hpp"
#include "basin/study/ranking.hpp"

namespace basin::cli {

// "89.12 ±0.40" in percent; without the spread where it is not known, "n/a" where nothing is.
std::string accuracy_text(const study::Summary& summary);
std::string loss_text(const study::Summary& summary);

// "batch 64, init default": of batch size and initializer, those that all trials have alike.
std::string shared_settings(const std::vector<study::StoredTrial>& trials);

// One row per optimizer: its selected configuration (the learning rate, and what varies), validation and test metric,
// epochs and seconds to the target, diverged of all its trials, optimizer state and milliseconds of a step. Where only
// some replicates reached the target, the mean is over those, and how many they are stands below.
std::string ranking_table(const std::vector<study::RankingRow>& ranking,
                          const std::vector<study::StoredTrial>& trials, Metric metric);

}  // namespace basin::cli
