#include "basin/study/pool.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>

#include "basin/core/error.hpp"
#include "basin/study/cores.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

const std::atomic<int> go_on = 0;

class StudyPool : public testing::Test {
 protected:
  PoolSettings settings(std::vector<std::string> arguments = {}, int jobs = 1) const {
    return {.program = BASIN_FAKE_WORKER,
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
  // Waits for the end of a worker, and gives the reason.
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
            "the worker " BASIN_FAKE_WORKER
            " ended 3 times before it was ready (exited with status 4); the end of its log, " +
                (folder_ / "logs/worker-0.log") + ":\nlibtorch is too old");
}

TEST_F(StudyPool, DoesNotWaitForeverForAHello) {
  PoolSettings wanted = settings({"--mute"});
  wanted.until_hello = std::chrono::seconds(1);
  EXPECT_EQ(error_of(wanted),
            "the worker " BASIN_FAKE_WORKER
            " has not said hello for 1 s, as a program that calls basin::worker_main does; its log is " +
                (folder_ / "logs/worker-0.log"));
}

TEST_F(StudyPool, RefusesAnotherVersionOfTheProtocol) {
  EXPECT_EQ(error_of(settings({"--version", "99"})), "input: the worker " BASIN_FAKE_WORKER
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
  EXPECT_FALSE(pool.hello(std::atomic<int>(SIGINT)));
}

}  // namespace
}  // namespace basin::study
