#include "basin/study/store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/study/changes.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

std::string error_of(auto act) {
  try {
    act();
  } catch (const Error& e) {
    return (dynamic_cast<const InputError*>(&e) ? "input: " : "") + std::string(e.what());
  }
  return "no error";
}

// The first column of a query's rows, read with plain SQLite.
std::vector<std::string> column(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  std::vector<std::string> out;
  sqlite3_open(path.c_str(), &database);
  const auto row = [](void* rows, int, char** values, char**) {
    static_cast<std::vector<std::string>*>(rows)->emplace_back(values[0] ? values[0] : "NULL");
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), row, &out, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
  return out;
}

using Strings = std::vector<std::string>;

class StudyStore : public testing::Test {
 protected:
  void SetUp() override { store_ = open_sqlite(path_); }
  StoredTrial trial(int number) const { return store_->trials().at(static_cast<std::size_t>(number)); }
  void reopen() {
    store_.reset();
    store_ = open_sqlite(path_);
  }
  void complete(int number, double accuracy) {
    store_->start(number);
    store_->record(number, {.epoch = 1, .lr = 0.01, .validation = {{"accuracy", accuracy}}});
    store_->finish(number,
                   {.state = State::complete, .best_epoch = 1, .validation = {{"accuracy", accuracy}}});
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "study.db";
  std::unique_ptr<Store> store_;
};

TEST_F(StudyStore, GivesBackTheStudyThatWasMade) {
  EXPECT_FALSE(store_->study());
  const Study made = sample_study();
  store_->create(made);
  reopen();
  const auto read = store_->study();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->trials, made.trials);
  EXPECT_EQ(read->settings, made.settings);
  EXPECT_EQ(
      (Strings{read->name, read->design, read->command, read->created, read->environment, read->problem}),
      (Strings{made.name, made.design, made.command, made.created, made.environment, made.problem}));
  for (const StoredTrial& stored : store_->trials()) EXPECT_EQ(stored.result.state, State::waiting);
  EXPECT_EQ(error_of([&] { store_->create(made); }), path_ + " already holds a study");
}

TEST_F(StudyStore, KeepsCurveResultAndTest) {
  store_->create(sample_study());
  store_->start(2);
  EXPECT_EQ(trial(2).result.state, State::running);
  store_->record(2, {.epoch = 1,
                     .seconds = 1.5,
                     .lr = 0.1,
                     .train = {{"loss", 1.0 / 3}},
                     .validation = {{"accuracy", 0.5}}});
  store_->record(2, {.epoch = 2, .train = {{"loss", HUGE_VAL}}});
  store_->finish(2,
                 {.state = State::complete, .best_epoch = 1, .validation = {{"accuracy", 0.5}}, .steps = 20});
  store_->record_test(2, {{"loss", 0.25}, {"accuracy", 0.75}});
  reopen();
  const StoredTrial read = trial(2);
  EXPECT_EQ(read.result.state, State::complete);
  EXPECT_EQ(read.result.steps, 20);
  ASSERT_EQ(read.curve.size(), 2u);
  EXPECT_EQ(value_of(read.curve[0].train, "loss"), 1.0 / 3);
  EXPECT_TRUE(std::isnan(value_of(read.curve[0].validation, "loss")));
  EXPECT_TRUE(std::isnan(value_of(read.curve[1].train, "loss")));
  EXPECT_EQ(read.test->at("accuracy"), 0.75);
  EXPECT_FALSE(trial(1).test);
  EXPECT_TRUE(trial(3).curve.empty());
}

TEST_F(StudyStore, RefusesStepsOutOfOrder) {
  store_->create(sample_study());
  const std::string at = path_ + ": trial ";
  EXPECT_EQ(error_of([&] { store_->record(0, {.epoch = 1}); }), at + "0 is waiting, not running");
  EXPECT_EQ(error_of([&] { store_->finish(0, {.state = State::failed}); }), at + "0 is waiting, not running");
  EXPECT_EQ(error_of([&] { store_->start(99); }), at + "99 does not exist");
  complete(0, 0.5);
  EXPECT_EQ(error_of([&] { store_->start(0); }), at + "0 is complete, not waiting");
  store_->start(1);
  EXPECT_EQ(error_of([&] { store_->record_test(1, {}); }), at + "1 is running, not complete");
}

TEST_F(StudyStore, ReclaimsWhatAKilledParentLeftRunning) {
  store_->create(sample_study());
  complete(0, 0.5);
  store_->start(1);
  store_->record(1, {.epoch = 1});
  reopen();
  EXPECT_EQ(store_->reclaim(), 1);
  EXPECT_EQ(trial(0).result.state, State::complete);
  EXPECT_EQ(trial(1).result.state, State::waiting);
  EXPECT_EQ(store_->reclaim(), 0);
  store_->start(1);
  EXPECT_TRUE(trial(1).curve.empty()) << "the interrupted run's points";
}

TEST_F(StudyStore, RetriesFailedTrialsAlone) {
  store_->create(sample_study());
  complete(0, 0.5);
  for (const auto& [number, state] : {std::pair{1, State::failed}, {2, State::diverged}}) {
    store_->start(number);
    store_->record(number, {.epoch = 1});
    store_->finish(number, {.state = state, .reason = "why"});
  }
  EXPECT_EQ(store_->retry_failed(), 1);
  EXPECT_EQ(trial(1).result.state, State::waiting);
  EXPECT_EQ(trial(1).result.reason, "");
  EXPECT_TRUE(trial(1).curve.empty());
  EXPECT_EQ(trial(2).result.state, State::diverged);
  EXPECT_EQ(trial(2).result.reason, "why");
}

TEST_F(StudyStore, WhatACallReturnedFromSurvivesAKill) {
  store_->create(sample_study());
  store_.reset();  // no connection is carried across a fork
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto store = open_sqlite(path_);
    store->start(0);
    store->record(0, {.epoch = 1, .validation = {{"accuracy", 0.5}}});
    store->finish(0, {.state = State::complete});
    store->start(1);
    store->record(1, {.epoch = 1, .validation = {{"accuracy", 0.25}}});
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  store_ = open_sqlite(path_);
  EXPECT_EQ(trial(0).result.state, State::complete);
  EXPECT_EQ(trial(1).result.state, State::running);
  ASSERT_EQ(trial(1).curve.size(), 1u);
  EXPECT_EQ(value_of(trial(1).curve[0].validation, "accuracy"), 0.25);
}

TEST_F(StudyStore, HasOneWriterAndAnyNumberOfReaders) {
  store_->create(sample_study());
  const auto reads = [&](State wanted) {  // in a separate process
    const pid_t reader = ::fork();
    if (reader == 0) ::_exit(read_sqlite(path_)->trials[0].result.state == wanted ? 0 : 1);
    int status = 0;
    ::waitpid(reader, &status, 0);
    return status == 0;
  };
  EXPECT_TRUE(reads(State::waiting));
  EXPECT_EQ(error_of([&] { open_sqlite(path_); }),
            path_ + " is being written by another process; wait for its end");
  complete(0, 0.5);
  EXPECT_TRUE(reads(State::complete));
  reopen();
  store_->start(1);
}

TEST_F(StudyStore, SaysWhatHasChangedSince) {
  const auto events = [&](std::int64_t since) {
    std::vector<std::string> out;
    for (const Change& c : read_changes(path_, since))
      out.push_back(names_of(c.what)[static_cast<std::size_t>(c.what)] + std::string(" ") +
                    std::to_string(c.number));
    return out;
  };
  store_->create(study_of({sample_study().trials[0]}));
  store_.reset();
  EXPECT_EQ(events(0), Strings{"added 0"});
  const std::int64_t last = read_changes(path_, 0).back().id;
  EXPECT_EQ(events(last), Strings{});
  store_ = open_sqlite(path_);
  complete(0, 0.5);
  store_->record_test(0, {{"accuracy", 0.75}});
  store_.reset();
  EXPECT_EQ(events(last).front(), "started 0");
  EXPECT_EQ(events(last).back(), "tested 0");
  const std::vector<Change> all = read_changes(path_, 0);
  EXPECT_EQ(all.front().trial, sample_study().trials[0]);
  const auto of = [&](What what) { return *std::ranges::find(all, what, &Change::what); };
  EXPECT_EQ(value_of(of(What::epoch).epoch->validation, "accuracy"), 0.5);
  EXPECT_EQ(of(What::ended).result->state, State::complete);
  EXPECT_EQ(of(What::tested).test->at("accuracy"), 0.75);
  store_ = open_sqlite(path_);
}

TEST_F(StudyStore, WritesOptunasRows) {
  store_->create(sample_study());
  complete(0, 0.5);
  store_->record_test(0, {{"loss", 1}, {"accuracy", 0.75}});
  store_->start(1);
  store_->record(1, {.epoch = 1});
  store_->finish(1, {.state = State::diverged, .reason = "loss"});
  EXPECT_EQ(column(path_, "SELECT name FROM sqlite_master WHERE name IN ('version_info', 'alembic_version')"),
            Strings{});
  EXPECT_EQ(column(path_, "SELECT direction FROM study_directions"), Strings{"MAXIMIZE"});
  EXPECT_EQ(column(path_, "SELECT state FROM trials ORDER BY trial_id LIMIT 3"),
            (Strings{"COMPLETE", "FAIL", "WAITING"}));
  EXPECT_EQ(column(path_, "SELECT value FROM trial_values"), Strings{"0.5"});
  EXPECT_EQ(column(path_, "SELECT intermediate_value_type FROM trial_intermediate_values"),
            (Strings{"FINITE", "NAN"}));
  EXPECT_EQ(column(path_, "SELECT length(datetime_complete) FROM trials LIMIT 2"), (Strings{"26", "26"}));
  EXPECT_EQ(column(path_, "SELECT value_json FROM trial_user_attributes WHERE key = 'test_accuracy'"),
            Strings{"0.75"});
  EXPECT_EQ(
      column(path_, "SELECT DISTINCT distribution_json FROM trial_params WHERE param_name = 'lr'"),
      Strings{R"({"attributes":{"high":0.1,"log":true,"low":0.01,"step":null},"name":"FloatDistribution"})"});
  EXPECT_EQ(
      column(path_, "SELECT DISTINCT distribution_json FROM trial_params WHERE param_name = 'init'"),
      Strings{R"({"attributes":{"choices":["default","he_normal"]},"name":"CategoricalDistribution"})"});
}

// Sets the time zone of this process while it lives.
class Zone {
 public:
  explicit Zone(const char* name) {
    if (const char* was = std::getenv("TZ")) before_ = was;
    setenv("TZ", name, 1), tzset();
  }
  Zone(const Zone&) = delete;
  ~Zone() {
    before_ ? setenv("TZ", before_->c_str(), 1) : unsetenv("TZ");
    tzset();
  }

 private:
  std::optional<std::string> before_;
};

TEST_F(StudyStore, TimesAreTheSameInEveryZone) {
  const auto now = static_cast<double>(std::time(nullptr));
  const auto expect_now = [&] {
    EXPECT_NEAR(trial(0).started, now, 60);
    EXPECT_NEAR(trial(0).ended, now, 60);
  };
  const char *west = "WST+5", *east = "EST-9";
  {
    const Zone there(west);
    store_->create(sample_study());
    complete(0, 0.5);
    expect_now();
  }
  const Zone here(east);
  expect_now();
  EXPECT_EQ(column(path_,
                   "SELECT abs(julianday(datetime_start) - julianday('now', '-5 hours')) < 0.01 "
                   "FROM trials WHERE trial_id = 1"),
            Strings{"1"})
      << "Optuna's own is local";
  EXPECT_EQ(column(path_,
                   "SELECT value_json LIKE '\"20__-%T%.______Z\"' FROM trial_user_attributes WHERE "
                   "key IN ('started', 'ended')"),
            (Strings{"1", "1"}));

  // Older files have only Optuna's columns: their meaning is known only where they were written.
  column(path_, "DELETE FROM trial_user_attributes WHERE key IN ('started', 'ended')");
  const Zone there(west);
  expect_now();
}

TEST_F(StudyStore, ATrialThatBeginsAnewHasNoEnd) {
  store_->create(sample_study());
  store_->start(0);
  store_->finish(0, {.state = State::failed, .reason = "gone"});
  EXPECT_TRUE(std::isfinite(trial(0).ended));
  store_->retry_failed();
  EXPECT_TRUE(std::isnan(trial(0).started) && std::isnan(trial(0).ended));
  store_->start(0);
  EXPECT_TRUE(std::isfinite(trial(0).started) && std::isnan(trial(0).ended));
}

TEST_F(StudyStore, OptunaMinimizesALoss) {
  Study study = sample_study();
  study.problem = R"({"name": "sample", "metric": "loss"})";
  store_->create(study);
  reopen();
  store_->start(0);
  store_->record(0, {.epoch = 1, .validation = {{"loss", 0.25}, {"accuracy", 0.5}}});
  EXPECT_EQ(column(path_, "SELECT direction FROM study_directions"), Strings{"MINIMIZE"});
  EXPECT_EQ(column(path_, "SELECT intermediate_value FROM trial_intermediate_values"), Strings{"0.25"});
}

TEST_F(StudyStore, RefusesAFileOfSomethingElse) {
  const std::string text = folder_ / "notes.txt", foreign = folder_ / "foreign.db",
                    newer = folder_ / "newer.db";
  std::ofstream(text) << "these are the notes of somebody, and no data base at all, however long they may be";
  column(foreign, "CREATE TABLE t (x)");
  open_sqlite(newer);
  column(newer, "PRAGMA user_version = 3");
  EXPECT_EQ(error_of([&] { open_sqlite(text); }),
            "input: " + text + " is not a SQLite file; it must be the store of a study");
  EXPECT_EQ(error_of([&] { open_sqlite(foreign); }),
            "input: " + foreign + " is a database of another program; it must be the store of a study");
  EXPECT_EQ(error_of([&] { open_sqlite(newer); }),
            "input: " + newer + " has format 3; this basin reads up to 2");
  EXPECT_EQ(error_of([&] { open_sqlite(folder_ / ""); }),
            "input: " + (folder_ / "") + " is a folder; a study's store is a file");
  EXPECT_EQ(column(foreign, "PRAGMA journal_mode"), Strings{"delete"}) << "it was changed";
  for (const std::string& wrong : {text, foreign, newer, folder_ / ""})
    EXPECT_EQ(error_of([&] { read_sqlite(wrong); }), error_of([&] { open_sqlite(wrong); }));
}

TEST_F(StudyStore, AFileWithoutAStudyIsNone) {
  store_.reset();
  EXPECT_FALSE(read_sqlite(path_));
  const std::string empty = folder_ / "empty.db";
  std::ofstream(empty).flush();
  EXPECT_FALSE(read_sqlite(empty));
  EXPECT_EQ(error_of([&] { read_sqlite(folder_ / "absent.db"); }),
            folder_ / "absent.db" + ": unable to open database file");
}

TEST_F(StudyStore, NamesTheFileThatCannotBeWritten) {
  const std::string nowhere = folder_ / "no/such/study.db";
  EXPECT_EQ(error_of([&] { open_sqlite(nowhere); }), nowhere + ": unable to open database file");
}

TEST_F(StudyStore, NamesTheFileWhoseRowsAreDamaged) {
  store_->create(sample_study());
  column(path_, "UPDATE basin_trials SET result = '{' WHERE number = 1");
  EXPECT_EQ(error_of([&] { store_->trials(); }),
            "input: " + path_ + ": result: wanted an object, found discarded");
}

TEST_F(StudyStore, RefusesRowsThatDoNotBelongTogether) {
  store_->create(sample_study());
  const auto error_after = [&](const std::string& change) {
    const std::string damaged = folder_ / "damaged.db";
    std::filesystem::remove(damaged);
    column(path_, "VACUUM INTO '" + damaged + "'");
    column(damaged, change);
    return error_of([&] { read_sqlite(damaged); }).substr(("input: " + damaged + ": ").size());
  };
  EXPECT_EQ(error_after("INSERT INTO basin_curves (number, epoch) VALUES (99, 1)"),
            "it has a curve for trial 99, but no such trial");
  EXPECT_EQ(error_after("INSERT INTO basin_curves (number, epoch) VALUES (-1, 1)"),
            "it has a curve for trial -1, but no such trial");
  EXPECT_EQ(error_after("DELETE FROM basin_trials WHERE number = 3"), "trial 3 is missing");
  EXPECT_EQ(error_after("UPDATE basin_trials SET trial = (SELECT trial FROM basin_trials WHERE number = 2) "
                        "WHERE number = 1"),
            "trial 1 says that it is trial 2");
}

TEST_F(StudyStore, AnotherStudyInTheFileIsNotOurs) {
  store_->create(sample_study());
  complete(0, 0.5);
  const auto before = store_->trials();
  column(path_,
         "INSERT INTO studies (study_id, study_name) VALUES (2, 'somebody else''s');"
         "INSERT INTO trials (trial_id, number, study_id, state, datetime_start) "
         "SELECT trial_id + 1000, number, 2, 'RUNNING', '2000-01-01 00:00:00.000000' FROM trials");
  const auto after = store_->trials();
  ASSERT_EQ(after.size(), before.size());
  EXPECT_EQ(after[0].started, before[0].started);
  EXPECT_TRUE(std::isnan(after[1].started)) << "that trial has not been started";
}

TEST_F(StudyStore, WaitsAsLongAsItsOwnerWishes) {
  store_->create(sample_study());
  store_.reset();
  int asked = 0, enough = 5;
  std::chrono::milliseconds longest{};
  sqlite3* other = nullptr;
  store_ = open_sqlite(path_, [&](std::chrono::milliseconds waited) {
    longest = waited;
    if (++asked == enough) sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
    return asked < 10;
  });
  const auto lock = [&] {
    asked = 0;
    return sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  };
  sqlite3_open(path_.c_str(), &other);
  ASSERT_EQ(lock(), SQLITE_OK);
  store_->start(0);
  EXPECT_EQ(asked, 5);
  EXPECT_GT(longest.count(), 0);
  EXPECT_EQ(trial(0).result.state, State::running);
  enough = 100;
  ASSERT_EQ(lock(), SQLITE_OK);
  EXPECT_EQ(error_of([&] { store_->finish(0, {.state = State::complete}); }), path_ + ": database is locked");
  sqlite3_close(other);
  EXPECT_EQ(trial(0).result.state, State::running);
  store_->finish(0, {.state = State::complete});
}

}  // namespace
}  // namespace basin::study
