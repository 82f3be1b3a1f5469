// Runs what a study still has to do: the waiting trials, in the order of their numbers, each on the next free
// worker.
//
// Apart from times, what is stored does not depend on the number of workers. A worker may die, violate the
// protocol, or be killed because it was silent for the pool's longest silence. This costs the trial that it
// ran, which fails with that reason; another worker takes its place.
#pragma once
#include <span>
#include <stop_token>
#include <string>

#include "basin/study/pool.hpp"
#include "basin/study/store.hpp"

namespace basin::study {

// Receives all events as they happen, after they are stored. Its hooks must not throw.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_start(const Trial&, int /*worker*/) {}
  virtual void on_progress(int /*number*/, const Progress&) {}
  virtual void on_epoch(int /*number*/, const Epoch&) {}
  virtual void on_warning(int /*number*/, const std::string&) {}
  virtual void on_finish(int /*number*/, const Result&) {}
  virtual void on_tests(int /*count*/) {}  // trials are about to be tested
  virtual void on_test(int /*number*/, const TestResult&) {}
  virtual void on_test_failed(int /*number*/, const std::string& /*reason*/) {}
  virtual void on_worker_lost(int /*worker*/, const std::string& /*reason*/) {}
};

struct Outcome {
  int ended = 0;         // trials with a result, or tests made
  int failed = 0;        // for trials: among the ended; for tests: those without a result
  bool stopped = false;  // before everything was done
};

// The path of a trial's weights: FOLDER/trial-7.safetensors.
std::string weights_path(const std::string& folder, int number);

// Where running trials are saved, FOLDER/trial-7/, so that an interruption costs only the time since the last
// checkpoint. Removed when the trial has its result.
struct Checkpointing {
  std::string folder = {};  // empty: none
  double every = 30;        // seconds
};

// Runs the waiting trials, including those that a killed parent left running. Ends early if a stop is
// requested: the workers write their checkpoints and end, within 10 s, and their trials are waiting again.
// Creates the folder `weights`. Throws Error if workers cannot be kept alive or the store cannot be written.
Outcome run_study(Store& store, Pool& pool, const std::string& weights, Observer& observer,
                  std::stop_token stop, const Checkpointing& checkpoints = {});

// Evaluates the weights of these complete trials on the test split. A failed test leaves no result.
Outcome run_tests(Store& store, Pool& pool, const std::string& weights, std::span<const int> numbers,
                  Observer& observer, std::stop_token stop);

}  // namespace basin::study
