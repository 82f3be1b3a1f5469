// Metrics as text.
#pragma once
#include <string>

#include "basin/problems/problem.hpp"
#include "basin/study/ranking.hpp"

namespace basin::cli {

// Returns "acc %" for accuracy, "rmse", "auc".
std::string column_name(const std::string& metric);
// Returns "89.12" for an accuracy of 0.8912, "48210" for an rmse; "n/a" if it is unknown.
std::string metric_text(const std::string& metric, double value);
// Returns "89.12 ±0.40": mean and spread, without the spread if it is unknown.
std::string spread_text(const std::string& metric, const study::Summary& summary);
// Returns "PREFIXloss 0.3100, PREFIXacc 89.12": what is known, the loss first. Leaves out the metrics
// other than `metric` if that is given.
std::string score_text(const Score& score, const std::string& prefix, const std::string& metric = {},
                       const std::string& between = ", ");

}  // namespace basin::cli
