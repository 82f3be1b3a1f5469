// Optuna's tables: what its library and dashboard read of a study, while it runs and afterwards.
//
// Layout   the tables of Optuna 3.1 and later, without version_info and alembic_version: Optuna creates these
//          two and records its own version when it first opens the file
// Says     params optimizer, init and similar (categorical), batch_size (int), lr (float) and OPTIMIZER.KNOB
//          (float); the value is the validation metric at the best epoch, the intermediate values are that
//          metric at each epoch; diverged and failed trials are FAIL, pruned ones PRUNED; user attributes
//          replicate, seed, factor, state, reason, test_loss and the other metrics of the test, started and
//          ended, the latter two in UTC, while Optuna's own columns are in local time without a time zone
// Departs  Optuna caches finished trials; test results and retried trials show when a study is loaded again
#pragma once
#include "basin/study/sqlite.hpp"
#include "basin/study/store.hpp"

namespace basin::study::optuna {

inline constexpr int study_id = 1;  // ours; others may be added to the file. Its trial 0 has the trial_id 1
// User attributes of a trial, in ISO 8601.
inline constexpr const char *started = "started", *ended = "ended";
extern const char* const schema;

// These functions run inside the caller's transaction.
void create(const sqlite::Database& database, const Study& study);
// Adds trials of this study, whose settings may vary as its trials and its search say.
void add(const sqlite::Database& database, const Study& study, const std::vector<Trial>& trials);
void start(const sqlite::Database& database, int number);
void record(const sqlite::Database& database, int number, int epoch, double value);
void finish(const sqlite::Database& database, int number, const Result& result, double value);
void record_test(const sqlite::Database& database, int number, const TestResult& test);
// Sets a trial back to waiting, as if it had never run.
void reset(const sqlite::Database& database, int number);

}  // namespace basin::study::optuna
