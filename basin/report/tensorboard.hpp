// TensorBoard: a study as event files, with one folder per run and one run per trial.
//
// Layout   FOLDER/events...            what is varied and measured, for the HParams page
//          FOLDER/trial-7-adam/events... scalars train/loss, validation/loss, both for each
//          metric of the problem, and lr by epoch; for a trial that ended, best/loss and the others at its
//          best epoch, and test/loss and the others if it was tested; its settings and its state
// Says     wall time is the trial's start plus the seconds of training since, without evaluation; step is the
//          epoch; the replicates of a configuration form one group; unknown and non-finite values are left
//          out
// Departs  scalars are in the old style (simple_value), which every version reads
#pragma once
#include <string>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::report {

struct EventFile {
  std::string path;   // relative to the displayed folder
  std::string bytes;  // the whole file
};

// Returns the root's file, then one for each trial that was started.
std::vector<EventFile> event_files(const study::Study& study, const std::vector<study::StoredTrial>& trials);

// The first record of any event file, and one value of a curve.
std::string version_event(double wall_time);
std::string scalar_event(double wall_time, std::int64_t step, std::string_view tag, double value);

}  // namespace basin::report
