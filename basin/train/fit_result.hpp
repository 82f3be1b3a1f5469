// What comes of a training run: its curve, its sums, its times, and how it ended.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "basin/records/training.hpp"

namespace basin::train {

using Row = Epoch;  // of the curve

// The time spent in each phase, in seconds.
struct Phases {
  BASIN_RECORD(Phases, "phases")
  BASIN_FIELD(double, data, measured, "gathering batches") = 0;
  BASIN_FIELD(double, forward, measured, "") = 0;
  BASIN_FIELD(double, backward, measured, "") = 0;
  BASIN_FIELD(double, optimizer, measured, "the step, and zeroing the gradients") = 0;
  BASIN_FIELD(double, evaluation, measured, "") = 0;
  BASIN_FIELD(double, checkpoints, measured, "") = 0;
  double training() const { return data + forward + backward + optimizer; }
};

enum class Ending { last_epoch, stopped_early, diverged, cancelled };

struct Fit {
  Ending ending = Ending::last_epoch;
  std::string reason;     // empty for last_epoch
  std::vector<Row> rows;  // of the completed epochs
  int best_epoch = 0;     // by the validation metric, the earliest of equals; 0 if no epoch was completed
  std::int64_t steps = 0, images = 0;
  Phases phases;
};

}  // namespace basin::train
