// Runs what a study still has to do: the waiting trials, in the order of their numbers, each on the next free worker.
//
// What is stored does not depend on the number of workers, times aside. A worker that dies, breaks the protocol or says
// nothing for the pool's longest silence, and is killed for it, costs the trial that it ran, which is failed and says why;
// another worker takes its place.
#pragma once
#include <atomic>
#include <span>
#include <string>

#include "basin/study/pool.hpp"
#include "basin/study/store.hpp"

namespace basin::study {

// Told of everything as it happens, after it was stored. Its hooks must not throw.
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
  int ended = 0;         // trials that came to a result, or tests that were made
  int failed = 0;        // of trials: among the ended; of tests: those without a result
  bool stopped = false;  // before everything was done
};

// Where the weights of a trial lie: FOLDER/trial-7.safetensors.
std::string weights_path(const std::string& folder, int number);

// Where trials are kept while they run, FOLDER/trial-7/, so that what interrupts them costs no more than the time since the
// last checkpoint. They go when the trial has its result.
struct Checkpointing {
  std::string folder = {};  // empty: none
  double every = 30;        // seconds
};

// Runs the waiting trials; those that a killed parent left running are waiting too. Ends early when `stop` becomes
// anything but 0, set by a signal handler: the workers write their checkpoints and end, in 10 s at most, and what they ran is
// waiting again. Makes the folder `weights`. Throws Error when workers cannot be kept alive or the store cannot be written.
Outcome run_study(Store& store, Pool& pool, const std::string& weights, Observer& observer,
                  const std::atomic<int>& stop, const Checkpointing& checkpoints = {});

// Evaluates the weights of these complete trials on the test split. A test that fails leaves no result.
Outcome run_tests(Store& store, Pool& pool, const std::string& weights, std::span<const int> numbers,
                  Observer& observer, const std::atomic<int>& stop);

}  // namespace basin::study
