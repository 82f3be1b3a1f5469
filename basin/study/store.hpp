// Where a study lives while it runs and afterwards: its settings, its trials, their curves and results.
//
// One process writes, any number read: a Store is the writer's, a Snapshot a reader's. What a call has returned from
// survives a kill of the writer; a trial's state and result also survive a power loss, the points of its curves may lose
// the last ones. Not thread-safe: one thread per store.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "basin/problems/problem.hpp"
#include "basin/study/trial.hpp"
#include "basin/study/while_locked.hpp"

namespace basin::study {

// What a study is: written once, when it is made, and never changed.
struct Study {
  std::string name;
  Settings settings;
  std::vector<Trial> trials;  // in the order of their numbers
  std::string design;         // "ofat" or "grid"
  std::string command;        // that made it, as one would type it
  std::string created;        // ISO 8601, UTC
  std::string environment;    // JSON: versions, processor, threads
  std::string problem;        // JSON: what the worker says of the problem (ProblemInfo)
};

// What the study's problem is judged by on the validation split; accuracy where `problem` does not say.
Metric metric_of(const Study& study);

struct StoredTrial {
  Trial trial;
  Result result;             // state waiting or running before it is finished
  std::vector<Epoch> curve;  // in order of epochs
  std::optional<TestResult> test;
  double started = not_known, ended = not_known;  // seconds since 1970, UTC, of its latest run
};

class Store {
 public:
  virtual ~Store() = default;
  // Makes the study, all of its trials waiting, in one transaction. Throws Error when there is one already.
  virtual void create(const Study& study) = 0;
  // Nothing when no study was made here.
  virtual std::optional<Study> study() const = 0;
  virtual std::vector<StoredTrial> trials() const = 0;
  // waiting -> running; removes the curve that an interrupted run of the same trial left. This and the next three throw
  // Error for a trial that is not in the state from which they start.
  virtual void start(int number) = 0;
  // The next point of a running trial's curve.
  virtual void record(int number, const Epoch& epoch) = 0;
  // running -> complete, diverged or failed.
  virtual void finish(int number, const Result& result) = 0;
  // Of a complete trial; replaces an earlier one.
  virtual void record_test(int number, const TestResult& test) = 0;
  // running -> waiting for every trial: what a parent that was killed left behind. Returns how many.
  virtual int reclaim() = 0;
  // failed -> waiting, its curve removed: what --resume does with trials whose worker died.
  virtual int retry_failed() = 0;
};

// Everything that a store holds, of one moment.
struct Snapshot {
  Study study;
  std::vector<StoredTrial> trials;
};

// The embedded default: one SQLite file, in WAL mode while it is written. The tables studies, trials, trial_params,
// trial_values, trial_intermediate_values and trial_user_attributes are Optuna's, so that Optuna and its dashboard read them.
// Makes the file where nothing is, and takes the role of the writer until the store is gone. Throws InputError when `path` is
// something else than such a file, Error when it cannot be written or another process is its writer.
std::unique_ptr<Store> open_sqlite(const std::string& path, WhileLocked while_locked = ten_seconds);

// What such a file holds now; nothing when no study was made there. Changes neither the file nor its folder, and both may be
// read-only. Not for a process that has it open as its writer, which reads from its Store. Throws InputError as above and for rows
// that are damaged, Error when it cannot be read.
std::optional<Snapshot> read_sqlite(const std::string& path);

}  // namespace basin::study
