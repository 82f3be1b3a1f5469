// What the search of a study found, for the study document: docs/formats.md, "search".
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "basin/search/space.hpp"
#include "basin/study/store.hpp"

namespace basin::report {

// How much a parameter decides whether a trial is among the best tenth (basin/analysis/importance.hpp).
struct Importance {
  BASIN_RECORD(Importance, "importance")
  BASIN_FIELD(std::string, name, required, "of the parameter") = {};
  BASIN_FIELD(double, value, required, "its share of the importance of all") = 0;
};

// What the best of n trials is expected to reach (basin/analysis/expected_best.hpp).
struct ExpectedBest {
  BASIN_RECORD(ExpectedBest, "expected best")
  BASIN_FIELD(int, n, required, "trials") = 0;
  BASIN_FIELD(double, value, required, "of the validation metric that ranks") = 0;
  BASIN_FIELD(double, low, required, "of a band that holds 90 % of bootstrap samples") = 0;
  BASIN_FIELD(double, high, required, "of that band") = 0;
};

// A setting of the best trial that lies at an end of its range, where a wider one may hold a better.
struct AtBorder {
  BASIN_RECORD(AtBorder, "border")
  BASIN_FIELD(std::string, name, required, "of the parameter") = {};
  BASIN_FIELD(double, value, required, "of the best trial") = 0;
  BASIN_FIELD(std::string, end, required, "low or high") = {};
};

using Spaces = std::map<std::string, search::Space>;
using Importances = std::map<std::string, std::vector<Importance>>;
using ExpectedBests = std::map<std::string, std::vector<ExpectedBest>>;
using Borders = std::map<std::string, std::vector<AtBorder>>;

struct SearchReport {
  BASIN_RECORD(SearchReport, "search")
  BASIN_FIELD(std::string, sampler, required, "with its settings") = {};
  BASIN_FIELD(std::string, pruner, required, "with its settings") = {};
  BASIN_FIELD(int, trials_per_optimizer, required, "the first has the default setting") = 0;
  BASIN_FIELD(int, finalists, required, "fresh seeds with which the selected configurations are run") = 0;
  BASIN_FIELD(int, lag, required, "trial k is chosen from the results of trials up to k - lag") = 0;
  BASIN_FIELD(double, warmup, required, "fraction of the schedule before which nothing is pruned") = 0;
  BASIN_FIELD(double, audit, required, "fraction of the pruned trials that run to their end") = 0;
  BASIN_FIELD(double, winners_curse, required,
              "sds over seeds that the best of as many equal trials seems to gain") = 0;
  BASIN_FIELD(Spaces, space, required, "by optimizer") = {};
  BASIN_FIELD(Importances, importance, required, "by optimizer, largest first; empty for few trials") = {};
  BASIN_FIELD(ExpectedBests, expected_best, required, "by optimizer") = {};
  BASIN_FIELD(Borders, borders, required, "by optimizer") = {};
};

// The finished trials of one optimizer's search, in the order of their numbers.
struct SearchResults {
  search::Space space;
  std::vector<search::Point> points;
  std::vector<double> worths;  // larger is better; minus infinity for a diverged or failed trial
};

// Returns the importance of each parameter, largest first; nothing for fewer than 20 trials, of which the
// best tenth would be one.
std::vector<Importance> importance_of(const SearchResults& results);

// Returns the expected best at up to 50 numbers of trials. A diverged trial counts as `floor`. Nothing if
// there is no trial.
std::vector<ExpectedBest> expected_best_of(const SearchResults& results, double floor, std::uint64_t seed);

// Returns the settings of the best trial that lie within 5 % of an end of their range, on their scale.
std::vector<AtBorder> borders_of(const SearchResults& results);

// Returns all of it; nothing for a study that is not a search. A pruned trial counts with the best that it
// reached, a diverged one as the worst that any trial of the search reached. Values have the sign of the
// metric.
std::optional<SearchReport> search_report(const study::Study& study,
                                          const std::vector<study::StoredTrial>& trials);

}  // namespace basin::report
