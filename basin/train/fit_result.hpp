// What comes of a training run: its curve, its sums, its times, and how it ended.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace basin::train {

struct Score {
  double loss = std::numeric_limits<double>::quiet_NaN();      // mean over the examples
  double accuracy = std::numeric_limits<double>::quiet_NaN();  // in [0, 1]; NaN for a regression
};

// Sums over the examples of several batches.
struct Tally {
  double loss = 0;
  std::int64_t correct = 0;  // -1 for a regression
  std::int64_t examples = 0;

  // Adds a batch with this mean loss.
  void add(double mean_loss, std::int64_t batch_correct, std::int64_t batch_examples) {
    loss += mean_loss * static_cast<double>(batch_examples);
    correct = batch_correct < 0 || correct < 0 ? -1 : correct + batch_correct;
    examples += batch_examples;
  }
  Score score() const {
    const auto n = static_cast<double>(examples);
    return {loss / n,
            correct < 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(correct) / n};
  }
};

// One epoch. `train` is the mean over the batches while they were trained and the weights moved.
struct Row {
  int epoch = 0;       // from 1
  double seconds = 0;  // of training from the beginning, without evaluation
  double lr = 0;  // at its first step, in the optimizer's first group; a schedule changes it at every step
  Score train, validation;
};

// The time spent in each phase, in seconds.
struct Phases {
  double data = 0, forward = 0, backward = 0, optimizer = 0, evaluation = 0, checkpoints = 0;
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
