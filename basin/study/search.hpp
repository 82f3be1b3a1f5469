// The search of a study, as data: what is tried, by which sampler, with which budget. It is stored with the
// study, so that a search goes on where it stopped and a report needs nothing else.
//
// Every arm gets the same number of trials: its default setting first, then what the sampler asks for, all
// with one seed. The best configuration of each arm on validation is then run again with fresh seeds, which
// the search has not seen, and only these runs are compared.
#pragma once
#include <string>
#include <vector>

#include "basin/search/space.hpp"
#include "basin/study/trial.hpp"

namespace basin::study {

// A configuration that is compared in the end; what the search selects replaces its searched settings.
struct Variant {
  BASIN_RECORD(Variant, "variant")
  BASIN_FIELD(std::string, factor, required, "what it varies: base for the first") = "base";
  BASIN_FIELD(Configuration, config, required, "the settings that are not searched") = {};
  bool operator==(const Variant&) const = default;
};

struct SearchArm {
  BASIN_RECORD(SearchArm, "arm")
  BASIN_FIELD(search::Space, space, required, "what is searched") = {};
  BASIN_FIELD(std::vector<Variant>, variants, required, "the first is where the search starts") = {};
  bool operator==(const SearchArm&) const = default;
};

struct Search {
  BASIN_RECORD(Search, "search")
  BASIN_FIELD(std::string, sampler, words, "see basin list samplers") = "tpe";
  BASIN_FIELD(std::string, pruner, words, "see basin list pruners") = "none";
  BASIN_FIELD(int, trials, required, "of each arm; the first has its default setting") = 20;
  BASIN_FIELD(int, finalists, required, "fresh seeds with which the selected configurations are run") = 3;
  BASIN_FIELD(int, lag, required, "trial k is chosen from the results of trials up to k - lag") = 8;
  BASIN_FIELD(double, warmup, plain, "fraction of the schedule before which nothing is pruned") = 0;
  BASIN_FIELD(double, audit, plain, "fraction of the pruned trials that run to their end") = 0;
  BASIN_FIELD(std::vector<std::string>, objectives, unless_empty, "besides the metric: seconds, memory") = {};
  BASIN_FIELD(std::vector<SearchArm>, arms, required, "one per optimizer") = {};
  bool operator==(const Search&) const = default;
};

// What the trials of a search vary, as Trial::factor has it.
inline constexpr const char *factor_default = "default", *factor_search = "search";
// Whether a trial belongs to a search, not to the comparison after it.
inline bool searched(const Trial& trial) {
  return trial.factor == factor_default || trial.factor == factor_search;
}

inline const Configuration& base_of(const SearchArm& arm) { return arm.variants.front().config; }

// Whether a search can start from its base: a program has no default.
bool has_default(const SearchArm& arm);

// Returns the configuration with the settings of a point.
Configuration with_point(Configuration config, const search::Space& space, const search::Point& point);
// Returns the point of a configuration. A value outside its range is moved to the nearest end, so that a
// sampler can use it.
search::Point point_of(const Configuration& config, const search::Space& space);

// Returns `config` with the searched settings of another configuration.
Configuration with_settings_of(const Configuration& other, const search::Space& space, Configuration config);

// Returns how many trials the whole study has at most.
std::size_t trials_of(const Search& search);
// Returns the size of a space for people: "4.0 decades of lr, 3 values of batch_size".
std::string size_text(const search::Space& space);

// Throws InputError if an arm has no variant, or if a number or a space makes no sense.
void check(const Search& search);

}  // namespace basin::study
