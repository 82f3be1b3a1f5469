// What an experiment will do, decided before it starts.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "basin/app/load_data.hpp"
#include "basin/app/request.hpp"
#include "basin/app/study_folder.hpp"
#include "basin/network/layers.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/store.hpp"

namespace basin::app {

struct Plan {
  Request request;
  study::ProblemInfo problem;
  std::vector<nn::Layer> layers;  // of its network; empty if a worker of one's own builds it
  Data data;                      // if it was read to plan
  std::string seen;               // what data hold that a problem was made for, a line each
  study::Settings settings;
  std::vector<study::Trial> trials;  // of a list; a search makes its own
  std::optional<study::Search> search;
  int jobs = 1;
  StudyFolder folder;                 // without a path: a new one in runs/
  std::optional<study::Study> begun;  // this study, if the folder already holds it
  std::filesystem::path worker;       // the program; found when it runs
};

// Checks everything that can be checked without loading data or libtorch: names, values, files, folders.
// Changes nothing. Throws InputError.
Plan make_plan(const Request& request);

// Returns the number of training examples; 0 if a user's own problem does not say.
std::int64_t trained_on(const Plan& plan);
// Returns the number of trials, at most if it is a search.
std::size_t trial_count(const Plan& plan);
// Returns the trials, or the extremes of a search: what is checked before anything runs.
std::vector<study::Trial> trials_to_check(const Plan& plan);
// A rough estimate from the throughput that the problem declares for one core.
double estimated_seconds(const Plan& plan);

}  // namespace basin::app
