// Runs a study: plans it, trains its trials, tests what validation selected, and writes the report.
//
// Output   files in the folder of the study; nothing is printed
// Signals  none are handled: the caller requests a stop
// Stop     running trials write checkpoints, within 10 s; a request with `resume` continues the study
// Threads  the observer is called by the thread that called `run`; one run at a time in a process
#pragma once
#include <stop_token>
#include <string>
#include <vector>

#include "basin/app/observer.hpp"
#include "basin/app/plan.hpp"

namespace basin::app {

// The result of a run.
struct Finished {
  Plan plan;  // with the folder that was taken
  // In the order of their numbers; empty if the run was stopped before the study was created.
  std::vector<study::StoredTrial> trials;
  std::string document;  // the study document, as in results.json
  bool stopped = false;  // a stop was requested

  int count(study::State state) const;  // of trials
  int untested() const;                 // trials that validation selected and that have no test result
};

// Throws InputError for a wrong request, Error if workers cannot be kept alive or files cannot be written. A
// trial that fails is a result, not an error.
Finished run(const Request& request, Observer& observer, std::stop_token stop);

// Runs a plan of make_plan.
Finished run(Plan plan, Observer& observer, std::stop_token stop);

}  // namespace basin::app
