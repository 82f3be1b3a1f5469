// What an experiment will do, decided before it starts.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "basin/data/data_set.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/store.hpp"
#include "cli/request.hpp"
#include "cli/study_folder.hpp"

namespace basin::cli {

struct Plan {
  study::ProblemInfo problem;
  study::Settings settings;
  std::vector<study::Trial> trials;
  int jobs = 1;
  StudyFolder folder;                 // without a path: a new one in runs/
  std::optional<study::Study> begun;  // this study, if the folder already holds it
  std::filesystem::path worker;       // the program; found when the plan runs
};

// Checks everything that can be checked without loading data or libtorch: names, values, files, folders.
// Changes nothing. Throws InputError.
Plan make_plan(const Request& request);

// Replaces the counts that the problem's data set declares by those of its files. Throws InputError if the
// files hold too little to validate with.
void take_counts(study::ProblemInfo& info, data::Counts counts);
// Throws InputError if more images are requested than there are for training, and for a batch of more than
// those.
void check_sizes(const study::ProblemInfo& info, std::int64_t train_size,
                 std::span<const study::Trial> trials);
// Throws InputError for a schedule longer than the run, or for a knob that its optimizer does not have.
void check_schedules(const Plan& plan);
// Throws InputError for a group with a knob that its rule does not have, and for a group without any
// parameter of the network.
void check_groups(const study::Configuration& config, const Problem& problem);

// A rough estimate from the throughput that the problem declares for one core.
double estimated_seconds(const Plan& plan);

// "12 trials (4 optimizers, 4 configurations, 3 seeds), 3 epochs of 20,000 images, 2 workers".
std::string what_runs(const Plan& plan);
// The same, and ", about 2 min 10 s".
std::string summary_of(const Plan& plan);

}  // namespace basin::cli
