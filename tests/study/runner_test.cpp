#include "basin/study/runner.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "basin/core/error.hpp"
#include "basin/records/json.hpp"
#include "basin/study/ranking.hpp"
#include "tests/paths.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

using namespace std::chrono_literals;

const std::stop_token go_on;  // that nobody stops

// A study with one configuration for each of these behaviours of the fake worker.
Study study_with(const std::vector<std::string>& acts, int replicates = 1, int epochs = 3) {
  return study_of(make_trials({.optimizers = {"sgd"}, .words = {{"init", acts}}}, "grid", replicates),
                  epochs);
}

// Records what it receives.
struct Recorder : Observer {
  std::vector<std::string> said;
  int progress = 0, epochs = 0;
  void note(const std::string& what, int number) { said.push_back(what + " " + std::to_string(number)); }
  void on_start(const Trial& trial, int) override { note("start", trial.number); }
  void on_progress(int, const Progress& p) override { progress += p.batch == 1 && p.batches == 2; }
  void on_epoch(int, const Epoch&) override { ++epochs; }
  void on_finish(int number, const Result& result) override { note(name_of(result.state), number); }
  void on_tests(int count) override { note("tests", count); }
  void on_test(int number, const TestResult&) override { note("test", number); }
  void on_test_failed(int number, const std::string& reason) override {
    note("no test, " + reason + ",", number);
  }
  void on_worker_lost(int worker, const std::string&) override { note("lost", worker); }
};

class StudyRunner : public testing::Test {
 protected:
  PoolSettings settings(int jobs) const {
    return {.program = paths::fake_worker, .arguments = {}, .jobs = jobs, .logs = folder_ / "logs"};
  }
  std::string weights() const { return folder_ / "weights"; }
  std::unique_ptr<Store> store_of(const Study& study, const std::string& name = "study.db") const {
    auto store = open_sqlite(folder_ / name);
    store->create(study);
    return store;
  }
  Outcome run(Store& store, int jobs = 1) {
    Pool workers(settings(jobs));
    return run_study(store, workers, weights(), recorder_, go_on);
  }
  static Result result(const Store& store, int number) {
    return store.trials().at(static_cast<std::size_t>(number)).result;
  }
  // Reads the store that another process writes.
  void wait_until(auto reached) const {
    while (!reached(read_sqlite(folder_ / "study.db")->trials))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  // Everything that a store holds about its trials, as text.
  static std::string content(const Store& store) {
    Json all;
    for (const StoredTrial& t : store.trials()) {
      all.push_back({{"trial", t.trial},
                     {"result", t.result},
                     {"curve", t.curve},
                     {"test", t.test ? Json(*t.test) : Json()}});
    }
    return all.dump(1);
  }
  // A zombie that nobody has waited for counts as dead.
  static bool alive(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    return stat >> id >> name >> state && state != "Z" && state != "X";
  }
  void expect_workers_to_die() const {
    for (const pid_t worker : workers_in_logs()) {
      for (int i = 0; i < 400 && alive(worker); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      EXPECT_FALSE(alive(worker)) << "worker " << worker << " outlived its parent";
    }
  }
  std::vector<pid_t> workers_in_logs() const {
    std::vector<pid_t> pids;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "logs")) {
      std::ifstream in(entry.path());
      std::string word;
      for (pid_t pid = 0; in >> word >> pid;) pids.push_back(pid);
    }
    return pids;
  }

  TemporaryFolder folder_;
  Recorder recorder_;
};

TEST_F(StudyRunner, RunsTheTrialsInOrder) {
  const auto store = store_of(study_with({"default"}, 2));
  const Outcome outcome = run(*store);
  EXPECT_EQ(outcome.ended, 2);
  EXPECT_EQ(outcome.failed, 0);
  EXPECT_FALSE(outcome.stopped);
  EXPECT_EQ(recorder_.said, (std::vector<std::string>{"start 0", "complete 0", "start 1", "complete 1"}));
  EXPECT_EQ(recorder_.epochs, 6);
  EXPECT_EQ(recorder_.progress, 6);
  EXPECT_EQ(store->trials()[1].curve.size(), 3u);
  EXPECT_TRUE(std::filesystem::exists(weights_path(weights(), 1)));
}

TEST_F(StudyRunner, ABadTrialCostsItselfAlone) {
  const std::vector<std::string> acts{"default", "diverge",  "error", "exit",    "kill",
                                      "garbage", "stranger", "skip",  "nothing", "unfinished"};
  const auto store = store_of(study_with(acts));
  const Outcome outcome = run(*store);
  EXPECT_EQ(outcome.ended, 10);
  EXPECT_EQ(outcome.failed, 8);
  const std::vector<std::string> reasons{
      "",
      "the loss is not finite",
      "the data set is \xef\xbf\xbd not there",
      "worker exited with status 3: out of luck",
      "worker killed by SIGKILL (out of memory?): pid",
      "worker violated the protocol: byte",
      "worker violated the protocol: the message names trial 7, but the worker runs trial 6",
      "worker violated the protocol: epoch 2 after epoch 0",
      "worker violated the protocol: done without 'result'",
      "worker violated the protocol: done, but its state is running",
  };
  for (int i = 0; i < 10; ++i) {
    const Result r = result(*store, i);
    const std::string& wanted = reasons[static_cast<std::size_t>(i)];
    EXPECT_EQ(r.reason.substr(0, wanted.size()), wanted) << acts[static_cast<std::size_t>(i)];
    EXPECT_EQ(r.state, i == 0 ? State::complete : i == 1 ? State::diverged : State::failed);
  }
  EXPECT_EQ(store->trials()[4].curve.size(), 1u) << "what a killed worker had reported stays";
}

TEST_F(StudyRunner, AnyNumberOfWorkersStoresTheSame) {
  const Study study = study_with({"default", "diverge", "error", "exit", "slow", "he_normal"}, 3);
  const auto one = store_of(study, "one.db"), three = store_of(study, "three.db");
  run(*one, 1);
  run(*three, 3);
  EXPECT_EQ(content(*one), content(*three));
}

TEST_F(StudyRunner, AHangingWorkerThatIsKilledCostsItsTrialAlone) {
  struct Killer : Recorder {
    std::string log;
    void on_epoch(int number, const Epoch&) override {
      if (number != 1) return;
      std::ifstream in(log);
      std::string word;
      pid_t pid = 0;
      in >> word >> pid;
      ASSERT_GT(pid, 0);
      ::kill(pid, SIGKILL);
    }
  } killer;
  killer.log = folder_ / "logs/worker-0.log";
  const auto store = store_of(study_with({"default", "hang", "he_normal"}));
  Pool workers(settings(1));
  run_study(*store, workers, weights(), killer, go_on);
  EXPECT_EQ(killer.said, (std::vector<std::string>{"start 0", "complete 0", "start 1", "lost 0", "failed 1",
                                                   "start 2", "complete 2"}));
}

TEST_F(StudyRunner, AWorkerThatHangsIsKilledAndCostsItsTrialAlone) {
  const auto store = store_of(study_with({"deaf", "default", "hang"}));
  PoolSettings patient = settings(1);
  patient.longest_silence = 1s;
  Pool workers(patient);
  EXPECT_EQ(run_study(*store, workers, weights(), recorder_, go_on).failed, 2);
  EXPECT_EQ(recorder_.said, (std::vector<std::string>{"start 0", "lost 0", "failed 0", "start 1",
                                                      "complete 1", "start 2", "lost 0", "failed 2"}));
  for (const int number : {0, 2})
    EXPECT_EQ(result(*store, number).reason,
              "worker was killed: trial " + std::to_string(number) + " gave no sign of life for 1 s");
}

TEST_F(StudyRunner, ALongBatchNeedsASignOfLife) {
  const auto store = store_of(study_with({"still", "beat", "slow"}, 1, 10));
  PoolSettings patient = settings(3);
  patient.longest_silence = 1s;
  {
    Pool workers(patient);
    run_study(*store, workers, weights(), recorder_, go_on);
  }
  EXPECT_EQ(result(*store, 0).state, State::failed);
  EXPECT_EQ(result(*store, 1).state, State::complete) << result(*store, 1).reason;
  EXPECT_EQ(result(*store, 2).state, State::complete) << result(*store, 2).reason;
  store->retry_failed();
  patient.longest_silence = 0ms;  // forever
  Pool workers(patient);
  run_study(*store, workers, weights(), recorder_, go_on);
  EXPECT_EQ(result(*store, 0).state, State::complete) << result(*store, 0).reason;
}

// Like a paused container: the clock advances, parent and workers do not.
TEST_F(StudyRunner, TimeInWhichTheParentStoodStillDoesNotCount) {
  store_of(study_with({"slow"}, 1, 20)).reset();
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    PoolSettings patient = settings(1);
    patient.longest_silence = 1s;
    Pool workers(patient);
    run_study(*open_sqlite(folder_ / "study.db"), workers, weights(), recorder_, go_on);
    ::_exit(0);
  }
  wait_until([](const auto& trials) { return trials[0].curve.size() > 2; });
  const pid_t worker = workers_in_logs().at(0);
  ::kill(parent, SIGSTOP);
  ::kill(worker, SIGSTOP);
  std::this_thread::sleep_for(2500ms);
  ::kill(parent, SIGCONT);
  std::this_thread::sleep_for(100ms);
  ::kill(worker, SIGCONT);
  ::waitpid(parent, nullptr, 0);
  const Result result = read_sqlite(folder_ / "study.db")->trials[0].result;
  EXPECT_EQ(result.state, State::complete) << result.reason;
}

TEST_F(StudyRunner, AWorkerWhoseParentIsKilledWritesItsCheckpointFirst) {
  store_of(study_with({"keep"}, 1, 1000)).reset();
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);  // otherwise the kill below would hit everybody
  const Checkpointing checkpoints{.folder = folder_ / "checkpoints"};
  if (parent == 0) {
    Pool workers(settings(1));
    run_study(*open_sqlite(folder_ / "study.db"), workers, weights(), recorder_, go_on, checkpoints);
    ::_exit(0);
  }
  wait_until([](const auto& trials) { return !trials[0].curve.empty(); });
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  expect_workers_to_die();
  EXPECT_TRUE(std::filesystem::exists(checkpoints.folder + "/trial-0/left"));
}

TEST_F(StudyRunner, AStopLeavesTheRunningTrialsWaiting) {
  struct Stopper : Recorder {
    std::stop_source stop;
    void on_epoch(int number, const Epoch&) override {
      if (number == 3) stop.request_stop();
    }
  } stopper;
  const Study study = study_with({"default", "slow"}, 3);
  const auto store = store_of(study), whole = store_of(study, "whole.db");
  {
    Pool workers(settings(1));
    const Outcome outcome = run_study(*store, workers, weights(), stopper, stopper.stop.get_token());
    EXPECT_TRUE(outcome.stopped);
    EXPECT_EQ(outcome.ended, 3);
  }
  EXPECT_EQ(result(*store, 2).state, State::complete);
  EXPECT_EQ(result(*store, 3).state, State::waiting);
  run(*store, 2);
  run(*whole, 2);
  EXPECT_EQ(content(*store), content(*whole));
}

TEST_F(StudyRunner, AStopLetsTheWorkersWriteTheirCheckpoints) {
  struct Stopper : Recorder {
    std::stop_source stop;
    void on_epoch(int, const Epoch&) override { stop.request_stop(); }
    void on_warning(int number, const std::string& text) override { note(text, number); }
  } stopper;
  const auto store = store_of(study_with({"keep"}, 1, 100));
  Pool workers(settings(1));
  const Checkpointing checkpoints{.folder = folder_ / "checkpoints"};
  EXPECT_TRUE(run_study(*store, workers, weights(), stopper, stopper.stop.get_token(), checkpoints).stopped);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "checkpoints/trial-0/left"));
  EXPECT_EQ(result(*store, 0).state, State::waiting);
  EXPECT_EQ(stopper.said.at(1), "the disk is full 0");
}

TEST_F(StudyRunner, AFinishedTrialRemovesItsCheckpointsAndAFailedOneKeepsThem) {
  const Checkpointing checkpoints{.folder = folder_ / "checkpoints"};
  const auto of = [&](int number) { return checkpoints.folder + "/trial-" + std::to_string(number); };
  for (int number = 0; number < 3; ++number) std::filesystem::create_directories(of(number));
  const auto store = store_of(study_with({"default", "diverge", "kill"}));
  {
    Pool workers(settings(1));
    run_study(*store, workers, weights(), recorder_, go_on, checkpoints);
  }
  EXPECT_FALSE(std::filesystem::exists(of(0)));
  EXPECT_FALSE(std::filesystem::exists(of(1)));
  EXPECT_TRUE(std::filesystem::exists(of(2)));
  std::filesystem::remove(of(2));
  Pool workers(settings(1));
  run_study(*store, workers, weights(), recorder_, go_on, checkpoints);
  EXPECT_FALSE(std::filesystem::exists(checkpoints.folder)) << "nothing is left in it";
}

TEST_F(StudyRunner, AKilledParentTakesItsWorkersAlongAndLosesNoTrial) {
  const Study study = study_with({"slow"}, 6);
  store_of(study).reset();  // no connection is carried across a fork
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);  // otherwise the kill below would hit everybody
  if (parent == 0) {
    const auto store = open_sqlite(folder_ / "study.db");
    run(*store, 2);
    ::_exit(0);
  }
  wait_until([](const auto& trials) { return trials[1].result.state == State::complete; });
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  expect_workers_to_die();
  const auto store = open_sqlite(folder_ / "study.db");
  const Outcome rest = run(*store, 2);
  EXPECT_LT(rest.ended, 6);
  EXPECT_GT(rest.ended, 0);
  const auto whole = store_of(study, "whole.db");
  run(*whole, 1);
  EXPECT_EQ(content(*store), content(*whole));
}

TEST_F(StudyRunner, EvenAWorkerThatDoesNotListenDiesWithItsParent) {
  store_of(study_with({"deaf"})).reset();
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);  // otherwise the kill below would hit everybody
  if (parent == 0) {
    run(*open_sqlite(folder_ / "study.db"));
    ::_exit(0);
  }
  wait_until([](const auto& trials) { return !trials[0].curve.empty(); });
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  expect_workers_to_die();
}

TEST_F(StudyRunner, AFailedTrialCanBeTriedAgain) {
  const auto store = store_of(study_with({"kill-once"}));
  EXPECT_EQ(run(*store).failed, 1);
  EXPECT_EQ(store->retry_failed(), 1);
  EXPECT_EQ(run(*store).failed, 0);
  EXPECT_EQ(result(*store, 0).state, State::complete);
  EXPECT_EQ(store->trials()[0].curve.size(), 3u);
}

TEST_F(StudyRunner, TestsTheSelected) {
  const auto store = store_of(study_with({"default", "he_normal"}, 2));
  Pool workers(settings(2));
  run_study(*store, workers, weights(), recorder_, go_on);
  const auto numbers = to_be_tested(store->trials(), by_accuracy);
  ASSERT_EQ(numbers.size(), 2u);
  std::filesystem::remove(weights_path(weights(), numbers[1]));
  recorder_.said.clear();
  const Outcome outcome = run_tests(*store, workers, weights(), numbers, recorder_, go_on);
  EXPECT_EQ(outcome.ended, 1);
  EXPECT_EQ(outcome.failed, 1);
  std::ranges::sort(recorder_.said);
  const std::string second = std::to_string(numbers[1]);
  EXPECT_EQ(recorder_.said, (std::vector<std::string>{
                                "no test, " + weights_path(weights(), numbers[1]) + " is missing, " + second,
                                "test " + std::to_string(numbers[0]), "tests 2"}));
  EXPECT_EQ(to_be_tested(store->trials(), by_accuracy), std::vector{numbers[1]});
}

TEST_F(StudyRunner, NeedsAStudy) {
  const auto store = open_sqlite(folder_ / "study.db");
  EXPECT_THROW(run(*store), Error);
}

}  // namespace
}  // namespace basin::study
