// One trial: from what the parent asks, made of names and numbers, to a network, examples and an optimizer, and back.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "basin/data/shared.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/study/protocol.hpp"
#include "basin/study/trial.hpp"
#include "basin/worker/worker.hpp"

namespace basin::worker {

// The problems that this worker can run, its own ones first.
class Problems {
 public:
  explicit Problems(const std::vector<OwnProblem>& own) : own_(own) {}
  // Throws InputError for an unknown name.
  const OwnProblem* own(const std::string& name) const;  // nullptr for one that basin brings along
  Problem declared(const std::string& name) const;
  // The problems of one's own, as `--describe` prints them; makes the examples of each.
  study::Json describe() const;

 private:
  const std::vector<OwnProblem>& own_;
};

// What `run` and `evaluate` carry.
struct Order {
  study::Trial trial;
  study::Settings settings;
  std::string weights;      // path
  std::string checkpoints;  // the folder of this trial's; empty for none
  double every = 30;        // seconds between them
};

// Runs trials, and gives signs of life to `channel` meanwhile. Keeps the data set mapped between them.
class Bench {
 public:
  // `fd`, `bytes`: the data set in shared memory, or nothing where problems bring their own.
  Bench(const Problems& problems, std::optional<std::pair<int, std::size_t>> shared);
  // Trains, reports progress and epochs to `channel`, and writes the weights. Throws what goes wrong.
  study::Result run(const Order& order, study::Channel& channel);
  study::TestResult evaluate(const Order& order, study::Channel& channel);
  // The losses of a learning-rate range test of the trial's configuration, from its initial weights.
  std::vector<double> range_losses(const Order& order, const RangeTest& test, study::Channel& channel);

 private:
  struct Set {
    Problem problem;
    std::unique_ptr<train::Examples> examples;
    std::shared_ptr<nn::Network> network;  // with its initial weights
  };
  Set set_up(const Order& order, study::Channel& channel);

  const Problems& problems_;
  std::optional<data::SharedSet> shared_;
};

}  // namespace basin::worker
