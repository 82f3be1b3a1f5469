// Readers of a store: they change nothing, whatever a writer left, and see one moment.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>

#include "basin/core/error.hpp"
#include "basin/study/store.hpp"
#include "tests/paths.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

namespace fs = std::filesystem;

void execute(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  sqlite3_open(path.c_str(), &database);
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
}

// Runs `act` in a separate process that ends without cleaning up; returns its status.
int in_child(auto act) {
  const pid_t child = ::fork();
  if (child == 0) {
    act();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

// Everything about a folder that a reader could have changed.
using Contents = std::map<std::string, std::pair<std::string, fs::file_time_type>>;
Contents contents_of(const fs::path& folder) {
  Contents out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    out[entry.path().filename()] = {bytes.str(), entry.last_write_time()};
  }
  out["."].second = fs::last_write_time(folder);
  return out;
}

// What a writer can leave: each creates a store of the sample study with trial 0 complete.
struct Left {
  const char* name;
  std::function<void(const std::string& path)> leave;
};

void write(Store& store) {
  store.create(sample_study());
  store.start(0);
  store.record(0, {.epoch = 1, .validation = {{"accuracy", 0.5}}});
  store.finish(0, {.state = State::complete, .best_epoch = 1, .validation = {{"accuracy", 0.5}}});
}
void leave_finished(const std::string& path) { write(*open_sqlite(path)); }
void leave_killed(const std::string& path) {
  in_child([&] {
    const auto store = open_sqlite(path);
    write(*store);
    ::kill(::getpid(), SIGKILL);
  });
}
// Killed in a transaction that had reached the file, in a mode without a log.
void leave_journal(const std::string& path) {
  leave_finished(path);
  in_child([&] {
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    sqlite3_exec(database,
                 "PRAGMA cache_size = 1; BEGIN; UPDATE basin_trials SET result = '{'; "
                 "CREATE TABLE t AS SELECT zeroblob(100000) AS x",
                 nullptr, nullptr, nullptr);
    ::kill(::getpid(), SIGKILL);
  });
}

const Left all_left[]{
    {"finished", leave_finished},
    {"in WAL mode, as basin 0.1.0 left them",
     [](const std::string& path) {
       leave_finished(path);
       execute(path, "PRAGMA journal_mode = WAL");
     }},
    {"killed", leave_killed},
    {"killed, and copied without the index of its log",
     [](const std::string& path) {
       leave_killed(path);
       fs::remove(path + "-shm");
     }},
    {"killed within a transaction", leave_journal},
};

class StudyReader : public testing::TestWithParam<Left> {
 protected:
  void SetUp() override {
    fs::create_directory(place_);
    GetParam().leave(path_);
  }
  void expect_the_study() const {
    const auto held = read_sqlite(path_);
    ASSERT_TRUE(held);
    EXPECT_EQ(held->study.trials, sample_study().trials);
    ASSERT_EQ(held->trials.size(), sample_study().trials.size());
    EXPECT_EQ(held->trials[0].result.state, State::complete);
    EXPECT_EQ(held->trials[0].curve.size(), 1u);
    EXPECT_EQ(held->trials[1].result.state, State::waiting);
  }

  TemporaryFolder folder_;
  std::string place_ = folder_ / "100% of#it?", path_ = place_ + "/study.db";
};

TEST_P(StudyReader, ChangesNothing) {
  const Contents before = contents_of(place_);
  expect_the_study();
  EXPECT_EQ(contents_of(place_), before);
}

// Permissions do not stop root; a disk that is mounted read-only does.
TEST_P(StudyReader, ReadsWhereNothingCanBeWritten) {
  constexpr int read = 0, not_read = 1, no_mount = 77;
  const int status = in_child([&] {
    const char* place = place_.c_str();
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount(place, place, nullptr, MS_BIND, nullptr) != 0 ||
        ::mount(place, place, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0)
      ::_exit(no_mount);
    if (std::ofstream(place_ + "/new").is_open()) ::_exit(no_mount);
    try {
      expect_the_study();
      ::_exit(HasFailure() ? not_read : read);
    } catch (const Error& e) {
      std::cerr << e.what() << "\n";
      ::_exit(not_read);
    }
  });
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == no_mount) GTEST_SKIP() << "nothing can be mounted here";
  EXPECT_EQ(WEXITSTATUS(status), read);
}

TEST_P(StudyReader, AWriterGoesOnFromThere) {
  const auto store = open_sqlite(path_);
  EXPECT_EQ(store->trials()[0].result.state, State::complete);
  store->start(1);
  EXPECT_EQ(store->trials()[1].result.state, State::running);
}

INSTANTIATE_TEST_SUITE_P(All, StudyReader, testing::ValuesIn(all_left));

TEST(StudyFile, IsWholeWhenItsWriterIsGone) {
  const TemporaryFolder folder;
  const std::string path = folder / "study.db", copy = folder / "copy.db";
  leave_finished(path);
  EXPECT_EQ(contents_of(folder / "").size(), 2u) << "the file and the folder";
  fs::copy_file(path, copy);
  EXPECT_EQ(read_sqlite(copy)->trials[0].result.state, State::complete);
}

TEST(StudyFile, AReaderThatHoldsOnDoesNotHoldTheWriterUp) {
  const TemporaryFolder folder;
  const std::string path = folder / "study.db";
  auto store = open_sqlite(path);
  store->create(sample_study());
  sqlite3* reader = nullptr;
  sqlite3_open(path.c_str(), &reader);
  sqlite3_exec(reader, "BEGIN; SELECT * FROM basin_study", nullptr, nullptr, nullptr);
  store->start(0);
  const auto begin = std::chrono::steady_clock::now();
  store.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  sqlite3_close(reader);
  EXPECT_EQ(read_sqlite(path)->trials[0].result.state, State::running);
}

// Reads while another process writes; returns how often it did.
int read_while(auto write, auto read) {
  const pid_t writer = ::fork();
  if (writer == 0) {
    write();
    ::_exit(0);
  }
  int reads = 0, status = 0;
  for (; ::waitpid(writer, &status, WNOHANG) == 0; ++reads) read();
  EXPECT_EQ(status, 0) << "the writer failed";
  return reads;
}

// At every moment, a waiting trial has no curve, and a failed one has two points.
TEST(StudyFile, AReaderSeesOneMoment) {
  const TemporaryFolder folder;
  const std::string path = folder / "study.db";
  open_sqlite(path)->create(sample_study());
  const auto write = [&] {
    const auto store = open_sqlite(path);
    for (int i = 0; i < 200; ++i) {
      store->start(0);
      for (const int epoch : {1, 2}) store->record(0, {.epoch = epoch});
      store->finish(0, {.state = State::failed, .reason = "again"});
      store->retry_failed();
    }
  };
  int mixed = 0;
  const int reads = read_while(write, [&] {
    const StoredTrial trial = read_sqlite(path)->trials[0];
    const std::size_t points = trial.curve.size();
    mixed += trial.result.state == State::waiting  ? points != 0
             : trial.result.state == State::failed ? points != 2
                                                   : points > 2;
  });
  EXPECT_GT(reads, 10);
  EXPECT_EQ(mixed, 0) << "of " << reads;
}

// A reader reads while writers come and go, each leaving the log or removing it.
TEST(StudyFile, AReaderSurvivesThatWritersComeAndGo) {
  const TemporaryFolder folder;
  const std::string path = folder / "study.db";
  leave_finished(path);
  const auto write = [&] {
    for (int i = 0; i < 60; ++i) {
      const auto store = open_sqlite(path);
      store->start(1);
      store->finish(1, {.state = State::failed, .reason = "again"});
      store->retry_failed();
    }
  };
  EXPECT_GT(read_while(write, [&] { EXPECT_EQ(read_sqlite(path)->trials[0].curve.size(), 1u); }), 10);
}

TEST(StudyFile, StoresOfVersion1AreRead) {
  const TemporaryFolder folder;
  const std::string path = folder / "study.db";
  std::ostringstream sql;
  sql << std::ifstream(std::string(paths::source) + "/tests/study/store_v1.sql").rdbuf();
  execute(path, sql.str());
  const auto check = [&](const std::vector<StoredTrial>& trials) {
    ASSERT_EQ(trials.size(), 4u);
    EXPECT_EQ(trials[0].result.state, State::complete);
    EXPECT_EQ(trials[0].curve.size(), 2u);
    EXPECT_EQ(trials[0].test->at("accuracy"), 0.7);
    EXPECT_NEAR(trials[0].ended - trials[0].started, 0.028, 0.001);
    EXPECT_EQ(trials[1].result.state, State::diverged);
    EXPECT_EQ(trials[2].result.reason, "worker killed by SIGKILL (out of memory?)");
    EXPECT_EQ(trials[3].result.state, State::running);
    EXPECT_EQ(trials[3].trial.config.optimizer, "adam");
  };
  check(read_sqlite(path)->trials);
  const auto store = open_sqlite(path);
  check(store->trials());
  EXPECT_EQ(store->reclaim(), 1);
  store->start(3);
}

// The column of a field that is newer than the store.
TEST(StudyFile, AStoreWithoutAColumnIsReadAndResumed) {
  const TemporaryFolder folder;
  const std::string path = folder / "study.db";
  std::ostringstream sql;
  sql << std::ifstream(std::string(paths::source) + "/tests/study/store_v1.sql").rdbuf();
  execute(path, sql.str() + "ALTER TABLE basin_curves DROP COLUMN train_loss");
  const std::vector<StoredTrial> trials = read_sqlite(path)->trials;
  EXPECT_TRUE(std::isnan(value_of(trials[0].curve[0].train, "loss")));
  EXPECT_EQ(value_of(trials[0].curve[0].validation, "loss"), 0.75);
  const auto store = open_sqlite(path);
  store->reclaim();
  store->start(3);
  store->record(3, {.epoch = 1, .train = {{"loss", 0.125}}, .validation = {{"loss", 0.5}}});
  EXPECT_TRUE(std::isnan(value_of(store->trials()[0].curve[0].train, "loss")));
  EXPECT_EQ(value_of(store->trials()[3].curve[0].train, "loss"), 0.125);
  EXPECT_EQ(value_of(store->trials()[3].curve[0].validation, "loss"), 0.5);
}

}  // namespace
}  // namespace basin::study
