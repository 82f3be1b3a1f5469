// TensorBoard: a study as event files, one folder a run, one run a trial.
//
// Layout   FOLDER/events...            what is varied and measured, for the HParams page
//          FOLDER/trial-7-adam/events... scalars train/loss, train/accuracy, validation/loss, validation/accuracy and lr by
//                                      epoch; of a trial that ended best/loss and best/accuracy, and test/loss and
//                                      test/accuracy where it was tested, at its best epoch; its settings and its state
// Says     wall time is the trial's start and the seconds of training since, evaluation not counted; step is the epoch; the
//          replicates of a configuration are one group; what is not known or not finite is left out
// Departs  scalars are in the old style (simple_value), which every version reads
#pragma once
#include <string>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::report {

struct EventFile {
  std::string path;   // relative to the folder that is shown
  std::string bytes;  // all of the file
};

// The root's file, then one for each trial that was started.
std::vector<EventFile> event_files(const study::Study& study, const std::vector<study::StoredTrial>& trials);

// The first record of any event file, and one value of a curve.
std::string version_event(double wall_time);
std::string scalar_event(double wall_time, std::int64_t step, std::string_view tag, double value);

}  // namespace basin::report
