// Runs a program as one trial: starts it, reads what it reports, ends it when it must end.
//
// Complete  it exited with 0 and has reported the metric
// Diverged  the metric was not finite; the program is stopped
// Pruned    the parent asked to stop it
// Failed    it is not there, exited with another status, was killed by a signal, exceeded its time, reported
//           no metric: the reason is one line, with its last lines
// To stop   SIGTERM to its process group, after the grace time SIGKILL
#pragma once
#include <string>

#include "basin/problems/problem.hpp"
#include "basin/program/keeper.hpp"
#include "basin/study/protocol.hpp"
#include "basin/study/trial.hpp"

namespace basin::program {

// The contents of `run`.
struct Order {
  study::Trial trial;
  Problem problem;
  study::Settings settings;
  std::string weights;    // path; the trial's folder follows from it (trial_folder.hpp)
  bool verdicts = false;  // whether the parent decides after each epoch if the trial goes on
};

// Runs the trial, and sends its epochs and signs of life. If the parent goes away, stops the program and
// returns. Throws Error and InputError for what makes the trial fail before the program runs.
study::Result run(const Order& order, study::Channel& parent, Keeper& keeper);

}  // namespace basin::program
