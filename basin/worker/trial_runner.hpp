// Runs one trial after another: turns the parent's order, made of names and numbers, into a network, examples
// and an optimizer, and returns the result.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "basin/data/shared.hpp"
#include "basin/losses/loss.hpp"
#include "basin/recipe/recipe.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/study/protocol.hpp"
#include "basin/study/trial.hpp"
#include "basin/worker/problems.hpp"

namespace basin::worker {

// The contents of `run` and `evaluate`.
struct Order {
  study::Trial trial;
  Problem problem;
  study::Settings settings;
  std::string weights;      // path
  std::string checkpoints;  // folder for this trial only; empty for none
  double every = 30;        // seconds between them
  bool verdicts = false;    // whether the parent decides after each epoch if the trial goes on
};

// Runs trials, and reports to `channel` meanwhile. Keeps the data set mapped between them.
class TrialRunner {
 public:
  // `fd`, `bytes`: the data set in shared memory; nothing if problems bring their own.
  TrialRunner(const Problems& problems, std::optional<std::pair<int, std::size_t>> shared);
  // Trains, reports progress and epochs to `channel`, and writes the weights. `recipe` is the trial's
  // configuration. Passes on all errors.
  study::Result run(const Order& order, const Recipe& recipe, study::Channel& channel);
  study::TestResult evaluate(const Order& order, const Recipe& recipe, study::Channel& channel);
  // Returns the losses of a learning-rate range test of the trial's configuration, from its initial weights.
  std::vector<double> range_losses(const Order& order, const Recipe& recipe, const RangeTest& test,
                                   study::Channel& channel);

 private:
  struct Set {
    std::unique_ptr<train::Examples> examples;
    std::shared_ptr<nn::Network> network;  // with its initial weights
    losses::Loss loss;                     // with the weights of its classes
  };
  Set set_up(const Order& order, const Recipe& recipe, study::Channel& channel);

  const Problems& problems_;
  std::optional<data::SharedSet> shared_;
};

}  // namespace basin::worker
