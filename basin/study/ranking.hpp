// Selects the best configuration of each optimizer on validation, and ranks the optimizers: "How the ranking
// is made" in docs/formats.md, as pure functions.
#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "basin/problems/problem.hpp"
#include "basin/study/store.hpp"

namespace basin::study {

// Over replicates. If nothing is known, all are NaN and n = 0; numbers that are not finite are left out.
struct Summary {
  double mean = not_known;
  double sd = not_known;  // of the sample, n - 1; NaN for n = 1
  double median = not_known;
  double low = not_known,
         high = not_known;  // quartiles, interpolated linearly between ranks (NumPy's default)
  int n = 0;
};
Summary summarize(std::vector<double> values);

// Returns the validation metric at the best epoch, with its sign chosen so that larger is better; minus
// infinity for a diverged or failed trial, NaN for one that has not ended.
double score(const StoredTrial& trial, const Metric& metric);

// By the names of the metrics.
using Summaries = std::map<std::string, Summary>;
inline Summary summary_of(const Summaries& summaries, const std::string& metric) {
  const auto found = summaries.find(metric);
  return found == summaries.end() ? Summary{} : found->second;
}

struct RankingRow {
  int rank = 0;  // from 1
  std::string optimizer;
  Configuration config;                         // selected on validation
  std::vector<int> trials;                      // numbers of its trials, one per replicate
  Summaries validation;                         // at the best epoch, over the complete ones of these trials
  Summaries test;                               // of those that were tested
  Summary epochs_to_target, seconds_to_target;  // of those that reached the target; n says how many
  int configurations = 0, finished = 0, diverged = 0, failed = 0,
      pruned = 0;                   // of all the optimizer's trials; finished: complete
  std::int64_t state_bytes = 0;     // of the selected configuration
  double optimizer_ms = not_known;  // its mean
};

// One row per optimizer, best first. After a search only the trials with fresh seeds are compared. A
// configuration is judged by those of its replicates that have ended; an optimizer without any comes last,
// with its first configuration. `target` 0 means none.
std::vector<RankingRow> rank(const std::vector<StoredTrial>& trials, const Metric& metric, double target);

// Returns the numbers of the complete trials of the selected configurations without a test result, for
// run_tests.
std::vector<int> to_be_tested(const std::vector<StoredTrial>& trials, const Metric& metric);

}  // namespace basin::study
