// Small programs of the shell as trials: what comes of each, and that nothing of it stays behind.
#include "basin/program/trial.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "basin/core/error.hpp"
#include "basin/program/process.hpp"
#include "basin/records/json.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::program {
namespace {

using study::Json;
using study::State;

class ProgramTrial : public testing::Test {
 protected:
  ProgramTrial() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0); }
  ~ProgramTrial() override {
    for (const int end : ends_) ::close(end);
  }

  study::Result run_words(const Words& command, Program program = {}) {
    program.command = command;
    if (program.metric.empty()) program.metric = "val_loss min";
    Order order{.trial = {.number = 3, .config = {.optimizer = "sh", .knobs = {{"lr", 0.01}}}},
                .problem = program_problem("mine", program),
                .settings = {.problem = "mine", .seed = 7},
                .weights = folder_ / "weights/trial-3.safetensors",
                .verdicts = verdicts_};
    study::Channel worker(ends_[0]);
    return run(order, worker, keeper_);
  }
  study::Result run_script(const std::string& script, const Program& program = {}) {
    return run_words({"sh", "-c", script}, program);
  }
  // What was sent to the parent.
  std::vector<Epoch> epochs() {
    ::shutdown(ends_[0], SHUT_WR);
    study::Channel parent(ends_[1]);
    std::vector<Epoch> out;
    while (const auto message = parent.receive())
      if ((*message)["type"] == "epoch") out.push_back(message->at("epoch").get<Epoch>());
    return out;
  }
  // Returns whether a process ends within 2 s. A zombie that nobody has waited for counts as ended.
  static bool ends(pid_t pid) {
    for (int i = 0; i < 400; ++i) {
      std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
      std::string id, name, state;
      if (!(stat >> id >> name >> state) || state == "Z") return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  std::string text_of(const std::string& name) const {
    std::ifstream file(folder_ / ("trials/3/" + name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  study::TemporaryFolder folder_;
  Keeper keeper_;
  std::array<int, 2> ends_{};
  bool verdicts_ = false;
};

TEST_F(ProgramTrial, LinesOfJsonAreEpochs) {
  const auto result = run_script(
      R"(echo start; echo '{"epoch": 0, "loss": 1.5}'; echo '{"epoch": 0, "val_loss": 0.5, "note": "x"}';
         echo '{"epoch": 1, "val_loss": 0.25, "test_loss": 0.3}'; echo '{"epoch": 2, "val_loss": 0.75}')");
  EXPECT_EQ(result.state, State::complete) << result.reason;
  EXPECT_EQ(result.best_epoch, 2);
  EXPECT_EQ(result.validation, (Score{{"loss", 0.25}}));
  const auto curve = epochs();
  ASSERT_EQ(curve.size(), 3u);
  EXPECT_EQ(curve[0].train, (Score{{"loss", 1.5}}));
  EXPECT_EQ(curve[2].epoch, 3);
  EXPECT_EQ(curve[2].lr, 0.01);
  EXPECT_EQ(Json::parse(text_of("test.json")), (Json{{"loss", 0.3}}));
}

TEST_F(ProgramTrial, APatternReadsAnyText) {
  const auto result = run_script("echo 'epoch 1 val loss: 0.5,' >&2; printf 'val loss: 0.25'",
                                 {.read = {R"(val loss: (?<val_loss>\S+))"}});
  EXPECT_EQ(result.state, State::complete) << result.reason;
  EXPECT_EQ(epochs().size(), 2u);
}

TEST_F(ProgramTrial, GetsItsValuesAndItsFolder) {
  const auto result = run_words(
      {"sh", "-c",
       R"(echo "$1 $2 $BASIN_SEED $BASIN_TRIAL"; cat "$BASIN_CONFIG"; echo here > "$BASIN_FOLDER/mine";
                      echo '{"val_loss": 1}')",
       "x", "--lr={lr}", "{seed}"});
  EXPECT_EQ(result.state, State::complete) << result.reason;
  EXPECT_EQ(text_of("output.log").substr(0, 16), "--lr=0.01 7 7 3\n");
  EXPECT_EQ(Json::parse(text_of("config.json")), (Json{{"lr", 0.01}}));
  EXPECT_EQ(text_of("mine"), "here\n");
}

TEST_F(ProgramTrial, AFailureSaysWhyInOneLine) {
  EXPECT_EQ(run_script("echo a; echo b; exit 3").reason, "exited with status 3: a | b");
  EXPECT_EQ(run_script("kill -SEGV $$").reason, "killed by SIGSEGV");
  EXPECT_EQ(run_script("echo nothing").reason, "it reported no val_loss: nothing");
  EXPECT_EQ(run_script("true").state, State::failed);
  for (const char* name : {"no-such-program", "./no-such-program"})
    EXPECT_THROW(run_words({name}), InputError);
}

TEST_F(ProgramTrial, AMetricThatIsNotFiniteEndsTheTrial) {
  const auto result =
      run_script(R"(echo '{"val_loss": 2}'; echo '{"val_loss": NaN}'; sleep 60; echo '{"val_loss": 1}')");
  EXPECT_EQ(result.state, State::diverged);
  EXPECT_EQ(result.reason, "val_loss is not a number after 1 epochs");
  EXPECT_EQ(result.best_epoch, 1);
  EXPECT_LT(result.seconds, 30);
}

// kB, from /proc/self/status.
long memory(const std::string& what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what + ":")) return std::stol(line.substr(what.size() + 1));
  return -1;
}

TEST_F(ProgramTrial, AFloodDoesNotFillMemory) {
  std::ofstream("/proc/self/clear_refs") << 5 << std::flush;  // the peak is that of this test
  const long before = memory("VmRSS");
  const auto result =
      run_script("head -c 100000000 /dev/zero; yes | head -c 1000000; echo '{\"val_loss\": 1}'");
  EXPECT_EQ(result.state, State::complete) << result.reason;
  EXPECT_LT(std::filesystem::file_size(folder_ / "trials/3/output.log"), 17u << 20);
  EXPECT_NE(text_of("output.log").find("bytes left out; the last lines:]\ny\n"), std::string::npos);
#ifndef __SANITIZE_ADDRESS__  // it keeps what was freed
  EXPECT_LT(memory("VmHWM") - before, 60000) << "kB";
#else
  EXPECT_GT(before, 0);
#endif
}

TEST_F(ProgramTrial, OneThatIgnoresSigtermIsKilledAfterItsGraceTime) {
  const auto result = run_script("trap '' TERM; sleep 60 & while true; do sleep 0.05; done",
                                 {.time_limit = 0.2, .grace = 0.3});
  EXPECT_EQ(result.state, State::failed);
  EXPECT_EQ(result.reason, "it was stopped after its time limit of 0.2 s");
  EXPECT_GE(result.seconds, 0.5);
  EXPECT_LT(result.seconds, 20);
}

TEST_F(ProgramTrial, WhatItLeavesBehindEndsWithIt) {
  run_script("sleep 61 & echo $! > \"$BASIN_FOLDER/pid\"");
  const pid_t left = std::stoi(text_of("pid"));
  EXPECT_TRUE(ends(left));
}

TEST_F(ProgramTrial, IsStoppedByAVerdict) {
  verdicts_ = true;
  study::Channel parent(ends_[1]);
  parent.send({{"type", "go_on"}, {"number", 3}});
  parent.send({{"type", "stop"}, {"number", 3}, {"reason", "too slow"}});
  const auto result = run_script(R"(for i in 1 2 3; do echo '{"val_loss": 2}'; done; sleep 60)");
  EXPECT_EQ(result.state, State::pruned);
  EXPECT_EQ(result.reason, "too slow");
  EXPECT_EQ(epochs().size(), 2u);
}

TEST_F(ProgramTrial, ResumesInItsFolder) {
  const std::string script = R"(cd "$BASIN_FOLDER"; from=$(cat at || echo 0); i=$from
    while [ $i -lt 4 ]; do echo "{\"epoch\": $i, \"val_loss\": 0.$i}"; i=$((i+1)); echo $i > at
    [ $i != 2 ] || [ $from != 0 ] || exit 9; done)";
  EXPECT_EQ(run_script(script).reason.substr(0, 20), "exited with status 9");
  const auto result = run_script(script);
  EXPECT_EQ(result.state, State::complete) << result.reason;
  const auto curve = epochs();
  ASSERT_EQ(curve.size(), 6u) << "two of the first run, and all four again";
  for (int i = 0; i < 4; ++i) EXPECT_EQ(curve[static_cast<std::size_t>(i + 2)].epoch, i + 1);
}

TEST_F(ProgramTrial, EndsWhenItsWorkerIsKilled) {
  const pid_t worker = ::fork();
  ASSERT_GE(worker, 0);  // otherwise the kill below would hit everybody
  if (worker == 0) {
    Keeper keeper;
    Process process(
        {.command = {"sh", "-c", "trap '' TERM HUP; echo $$ > " + (folder_ / "pid") + "; sleep 62"}}, keeper);
    ::pause();
  }
  pid_t program = 0;
  while (!(std::ifstream(folder_ / "pid") >> program))
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(worker, SIGKILL);
  ::waitpid(worker, nullptr, 0);
  EXPECT_TRUE(ends(program));
}

TEST_F(ProgramTrial, EndsWhenTheParentGoes) {
  ::shutdown(ends_[1], SHUT_RDWR);
  const auto result = run_script("sleep 60");
  EXPECT_EQ(result.reason, "the parent is gone");
  EXPECT_LT(result.seconds, 30);
}

}  // namespace
}  // namespace basin::program
