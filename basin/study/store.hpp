// The storage of a study while it runs and afterwards: its settings, its trials, their curves and results.
//
// One process writes, any number read: a Store is for the writer, a Snapshot for a reader. The effect of a
// completed call survives a kill of the writer. The result of a trial that ran for a second
// or longer also survives a power loss; its curve may lose the last points.
//
// Thread-safety  none: use one thread per store
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "basin/problems/problem.hpp"
#include "basin/study/search.hpp"
#include "basin/study/trial.hpp"
#include "basin/study/while_locked.hpp"

namespace basin::study {

// A study: written once, when it is created. After that a search adds trials; nothing else changes.
struct Study {
  std::string name;
  Settings settings;
  std::vector<Trial> trials;          // in the order of their numbers
  std::string design;                 // "ofat" or "grid"
  std::string command;                // that created it, as one would type it
  std::string created;                // ISO 8601, UTC
  std::string environment;            // JSON: versions, processor, threads
  std::string problem;                // JSON: the worker's description of the problem (ProblemInfo)
  std::optional<Search> search = {};  // where further trials come from
};

// Returns the problem of a study; one without a name if its text is not one. Throws InputError for a wrong
// one.
Problem problem_of(const Study& study);
// Returns the metric that ranks its trials, and the names of all that it reports.
Metric metric_of(const Study& study);
Names metrics_of(const Study& study);

struct StoredTrial {
  Trial trial;
  Result result;             // waiting or running until it is finished
  std::vector<Epoch> curve;  // in order of epochs
  std::optional<TestResult> test;
  double started = not_known, ended = not_known;  // seconds since 1970, UTC, of its latest run
};

class Store {
 public:
  virtual ~Store() = default;
  // Creates the study, with all of its trials waiting, in one transaction. Throws Error if there is one
  // already.
  virtual void create(const Study& study) = 0;
  // Returns nothing if no study was created here.
  virtual std::optional<Study> study() const = 0;
  virtual std::vector<StoredTrial> trials() const = 0;
  // Appends waiting trials, whose numbers go on from those that are there, in one transaction. Throws Error
  // if they do not.
  virtual void add(const std::vector<Trial>& trials) = 0;
  // waiting -> running. Removes the curve of an interrupted run of the same trial. This and the next three
  // throw Error for a trial that is not in the required state.
  virtual void start(int number) = 0;
  // Appends a point to a running trial's curve.
  virtual void record(int number, const Epoch& epoch) = 0;
  // running -> complete, diverged, failed or pruned.
  virtual void finish(int number, const Result& result) = 0;
  // Stores the test result of a complete trial; replaces an earlier one.
  virtual void record_test(int number, const TestResult& test) = 0;
  // running -> waiting for every trial that a killed parent left. Returns their number.
  virtual int reclaim() = 0;
  // failed -> waiting, with its curve removed: for --resume, after trials whose worker died.
  virtual int retry_failed() = 0;
};

// The contents of a store at one moment.
struct Snapshot {
  Study study;
  std::vector<StoredTrial> trials;
};

// The embedded default: one SQLite file, in WAL mode while it is written. The tables studies, trials,
// trial_params, trial_values, trial_intermediate_values and trial_user_attributes are Optuna's, so that
// Optuna and its dashboard can read them. Creates the file if there is none, and is the writer until the
// store is destroyed. Throws InputError if `path` is anything but such a file, Error if it cannot be written
// or another process is its writer.
std::unique_ptr<Store> open_sqlite(const std::string& path, WhileLocked while_locked = ten_seconds);

// Returns what such a file holds now; nothing if no study was created there. Changes neither the file nor its
// folder; both may be read-only. Not for the process that is the writer, which reads from its Store. Throws
// InputError as above and for damaged rows, Error if it cannot be read.
std::optional<Snapshot> read_sqlite(const std::string& path);

}  // namespace basin::study
