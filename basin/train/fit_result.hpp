// What comes of a training run: its curve, its sums, its times, and how it ended.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "basin/records/training.hpp"

namespace basin::train {

using basin::Score;

// Sums over the examples of several batches.
struct Tally {
  BASIN_RECORD(Tally, "sums")
  BASIN_FIELD(double, loss, required, "") = 0;
  BASIN_FIELD(std::int64_t, correct, required, "-1 for a regression") = 0;
  BASIN_FIELD(std::int64_t, examples, required, "") = 0;

  // Adds a batch with this mean loss.
  void add(double mean_loss, std::int64_t batch_correct, std::int64_t batch_examples) {
    loss += mean_loss * static_cast<double>(batch_examples);
    correct = batch_correct < 0 || correct < 0 ? -1 : correct + batch_correct;
    examples += batch_examples;
  }
  Score score() const {
    const auto n = static_cast<double>(examples);
    return {loss / n, correct < 0 ? not_known : static_cast<double>(correct) / n};
  }
};

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
