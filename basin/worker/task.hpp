// One trial: turns the parent's order, made of names and numbers, into a network, examples and an optimizer,
// and returns the result.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "basin/data/shared.hpp"
#include "basin/recipe/recipe.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/study/protocol.hpp"
#include "basin/study/trial.hpp"
#include "basin/worker/worker.hpp"

namespace basin::worker {

// The problems that this worker can run, the user's own first.
class Problems {
 public:
  explicit Problems(const std::vector<OwnProblem>& own) : own_(own) {}
  // Throws InputError for an unknown name.
  const OwnProblem* own(const std::string& name) const;  // nullptr for a built-in problem
  Problem declared(const std::string& name) const;
  // Returns the user's own problems, as `--describe` prints them; creates the examples of each.
  study::Json describe() const;

 private:
  const std::vector<OwnProblem>& own_;
};

// The contents of `run` and `evaluate`.
struct Order {
  study::Trial trial;
  study::Settings settings;
  std::string weights;      // path
  std::string checkpoints;  // folder for this trial only; empty for none
  double every = 30;        // seconds between them
};

// Runs trials, and reports to `channel` meanwhile. Keeps the data set mapped between them.
class Bench {
 public:
  // `fd`, `bytes`: the data set in shared memory; nothing if problems bring their own.
  Bench(const Problems& problems, std::optional<std::pair<int, std::size_t>> shared);
  // Trains, reports progress and epochs to `channel`, and writes the weights. `recipe` is the trial's
  // configuration. Passes on all errors.
  study::Result run(const Order& order, const Recipe& recipe, study::Channel& channel);
  study::TestResult evaluate(const Order& order, const Recipe& recipe, study::Channel& channel);
  // Returns the losses of a learning-rate range test of the trial's configuration, from its initial weights.
  std::vector<double> range_losses(const Order& order, const Recipe& recipe, const RangeTest& test,
                                   study::Channel& channel);

 private:
  struct Set {
    Problem problem;
    std::unique_ptr<train::Examples> examples;
    std::shared_ptr<nn::Network> network;  // with its initial weights
  };
  Set set_up(const Order& order, const Recipe& recipe, study::Channel& channel);

  const Problems& problems_;
  std::optional<data::SharedSet> shared_;
};

}  // namespace basin::worker
