#include "basin/study/pool.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "basin/core/error.hpp"
#include "basin/study/cores.hpp"
#include "tests/paths.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

const std::stop_token go_on;  // that nobody stops

class StudyPool : public testing::Test {
 protected:
  PoolSettings settings(std::vector<std::string> arguments = {}, int jobs = 1) const {
    return {.program = paths::fake_worker,
            .arguments = std::move(arguments),
            .jobs = jobs,
            .logs = folder_ / "logs"};
  }
  std::string error_of(const PoolSettings& settings) const {
    try {
      Pool pool(settings);
      pool.hello(go_on);
    } catch (const Error& e) {
      return (dynamic_cast<const InputError*>(&e) ? "input: " : "") + std::string(e.what());
    }
    return "no error";
  }
  Json report(PoolSettings settings) const {
    const std::string path = folder_ / "report";
    settings.arguments = {"--report", path};
    Pool(settings).hello(go_on);
    return Json::parse(std::ifstream(path));
  }
  // Waits for the end of a worker, and returns the reason.
  static std::string end_of(Pool& pool) {
    while (true) {
      for (const Event& event : pool.wait(100)) {
        if (!event.message) return event.reason;
      }
    }
  }
  static pid_t pid_in(const std::string& log) {
    std::string word;
    pid_t pid = 0;
    std::ifstream in(log);
    while (in >> word >> pid) {
    }
    return pid;
  }

  TemporaryFolder folder_;
};

TEST_F(StudyPool, GivesTheFirstHello) {
  Pool pool(settings({}, 2));
  const auto hello = pool.hello(go_on);
  ASSERT_TRUE(hello);
  EXPECT_EQ((*hello)["libtorch"], "none");
  EXPECT_TRUE(pool.ready(0) || pool.ready(1));
  EXPECT_EQ(pool.data(), Json(nullptr));
}

TEST_F(StudyPool, WorkersGetWhatTheyNeedAndNothingElse) {
  const int data = ::memfd_create("data", MFD_CLOEXEC);
  ASSERT_EQ(::write(data, "data", 4), 4);
  const int other = ::memfd_create("other", MFD_CLOEXEC);
  PoolSettings wanted = settings();
  wanted.data = data;
  wanted.data_bytes = 4;
  EXPECT_EQ(report(wanted), (Json{{"threads", "1"},
                                  {"cores", 1},
                                  {"own_group", true},
                                  {"stdin_is_empty", true},
                                  {"fifth_descriptor_open", false},
                                  {"data", "data"}}));
  EXPECT_EQ(Pool(wanted).data(), (Json{{"fd", 4}, {"bytes", 4}}));
  ::close(data);
  ::close(other);
}

TEST_F(StudyPool, MoreThreadsThanCoresAreNotPinned) {
  PoolSettings wanted = settings();
  wanted.threads = static_cast<int>(allowed_cores().size()) + 1;
  const Json found = report(wanted);
  EXPECT_EQ(found["cores"], allowed_cores().size());
  EXPECT_EQ(found["threads"], std::to_string(wanted.threads));
}

TEST_F(StudyPool, SaysWhatIsNoWorker) {
  PoolSettings wanted = settings();
  wanted.program = folder_ / "absent";
  EXPECT_EQ(error_of(wanted),
            "input: cannot run the worker " + wanted.program + ": No such file or directory");
  wanted.program = folder_ / "text";
  std::ofstream(wanted.program) << "no program";
  EXPECT_EQ(error_of(wanted), "input: cannot run the worker " + wanted.program + ": Permission denied");
  wanted = settings();
  wanted.logs = "/proc/nowhere";
  EXPECT_EQ(error_of(wanted).substr(0, 15), "/proc/nowhere: ");
}

TEST_F(StudyPool, GivesUpOnWorkersThatNeverBecomeReady) {
  EXPECT_EQ(error_of(settings({"--die-early"})),
            std::string("the worker ") + paths::fake_worker +
                " ended 3 times before it was ready (exited with status 4); the end of its log, " +
                (folder_ / "logs/worker-0.log") + ":\nlibtorch is too old");
}

TEST_F(StudyPool, DoesNotWaitForeverForAHello) {
  PoolSettings wanted = settings({"--mute"});
  wanted.until_hello = std::chrono::seconds(1);
  EXPECT_EQ(error_of(wanted),
            std::string("the worker ") + paths::fake_worker +
                " has not said hello for 1 s, as a program that calls basin::worker_main does; its log is " +
                (folder_ / "logs/worker-0.log"));
}

TEST_F(StudyPool, RefusesAnotherVersionOfTheProtocol) {
  EXPECT_EQ(error_of(settings({"--version", "99"})), std::string("input: the worker ") + paths::fake_worker +
                                                         " speaks version 99 of the protocol; wanted " +
                                                         std::to_string(protocol_version));
}

TEST_F(StudyPool, TellsHowAWorkerEnded) {
  Pool pool(settings());
  pool.hello(go_on);
  const pid_t pid = pid_in(folder_ / "logs/worker-0.log");
  ASSERT_GT(pid, 0);
  ::kill(pid, SIGTERM);
  EXPECT_EQ(end_of(pool).substr(0, 28), "worker killed by SIGTERM: pi");
  EXPECT_FALSE(pool.ready(0));
  EXPECT_TRUE(pool.wait(10).empty()) << "a dead worker is told of once";
  pool.send(0, {{"type", "quit"}});
  pool.replace(0);
  EXPECT_TRUE(pool.hello(go_on)) << "another one took its place";
}

TEST_F(StudyPool, AWorkerThatDiesBesideAHelloIsReplaced) {
  const std::string died = folder_ / "died";
  Pool pool(settings({"--second-dies", died}, 2));
  const auto alive = [&] { return pid_in(folder_ / "logs/worker-0.log") > 0 && std::ifstream(died); };
  while (!alive()) std::this_thread::sleep_for(5ms);
  std::this_thread::sleep_for(100ms);  // both should be visible at once
  EXPECT_TRUE(pool.hello(go_on));
  for (int i = 0; i < 50 && !pool.ready(1); ++i) pool.wait(100);
  EXPECT_TRUE(pool.ready(1)) << "nobody took its place";
}

TEST_F(StudyPool, SendingWaitsForNobody) {
  Pool pool(settings({"--mute"}));
  const std::string log = folder_ / "logs/worker-0.log";
  while (pid_in(log) == 0) std::this_thread::sleep_for(5ms);
  std::jthread rescue([&](const std::stop_token& done) {  // otherwise a send that waits would wait forever
    for (int i = 0; i < 300 && !done.stop_requested(); ++i) std::this_thread::sleep_for(10ms);
    if (!done.stop_requested()) ::kill(pid_in(log), SIGKILL);
  });
  const auto begin = Clock::now();
  pool.send(0, {{"type", "quit"}, {"filling", std::string(4'000'000, 'x')}});
  EXPECT_LT(Clock::now() - begin, 1s);
}

TEST_F(StudyPool, WhatTheSocketCannotHoldIsSentLater) {
  Pool pool(settings());
  pool.hello(go_on);
  const int messages = 3;
  for (int i = 0; i < messages; ++i)
    pool.send(0, {{"type", "probe"}, {"filling", std::string(1'000'000, 'x')}});
  int answers = 0;
  for (int i = 0; i < 100 && answers < messages; ++i) {
    for (const Event& event : pool.wait(100))
      answers += event.message && (*event.message)["type"] == "probed";
  }
  EXPECT_EQ(answers, messages);
}

TEST_F(StudyPool, WaitsNoLongerThanAskedForAWorkerThatHungUp) {
  Pool pool(settings({"--hang-up"}));
  pool.hello(go_on);
  Clock::duration longest{};
  std::string reason;
  while (reason.empty()) {
    const auto begin = Clock::now();
    const auto events = pool.wait(50);
    longest = std::max(longest, Clock::now() - begin);
    for (const Event& event : events) reason = event.reason;
  }
  EXPECT_LT(longest, 500ms);
  EXPECT_EQ(reason.substr(0, 24), "worker killed by SIGKILL");
  EXPECT_FALSE(pool.ready(0));
  pool.replace(0);
  EXPECT_TRUE(pool.hello(go_on));
}

TEST_F(StudyPool, CountsHowLongAWorkerSaysNothing) {
  Pool pool(settings({}, 2));
  pool.hello(go_on);
  while (!pool.ready(0) || !pool.ready(1)) pool.wait(100);
  const auto begin = Clock::now();
  while (std::min(pool.silence(0), pool.silence(1)) < 200ms && Clock::now() - begin < 10s) pool.wait(20);
  EXPECT_GE(pool.silence(0), 200ms);
  pool.send(0, {{"type", "probe"}});
  EXPECT_EQ(pool.silence(0), 0ms) << "from now on it has something to do";
  EXPECT_GE(pool.silence(1), 200ms);
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(pool.silence(0), 0ms) << "nobody listened meanwhile";
  while (pool.wait(1000).empty()) continue;
  EXPECT_EQ(pool.silence(0), 0ms);
}

TEST_F(StudyPool, AskedToQuitWorkersLeave) {
  const auto begin = std::chrono::steady_clock::now();
  {
    Pool pool(settings({}, 2));
    pool.hello(go_on);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(900))
      << "nobody had to be killed";
}

TEST_F(StudyPool, AStopEndsTheWaitForAHello) {
  Pool pool(settings());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(pool.hello(stop.get_token()));
}

}  // namespace
}  // namespace basin::study
