// compare and train from end to end, with a worker that trains nothing, on a data set of 40 pictures.
#include <sqlite3.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"
#include "tests/paths.hpp"

namespace basin::cli {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

class Experiment : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    samples::mnist_files(folder_ / "data", 40, 20);
  }
  // Runs `basin compare OPTIONS`, at the optimizers' own rates if they name none, and discards standard
  // error.
  Answer compare(const std::string& options) const {
    const bool rates = options.find("--lr") != std::string::npos;
    return shell("$BASIN compare fmnist-cnn --worker $WORKER --data-dir data " + options +
                 (rates ? "" : " --lr default") + " 2>errors");
  }
  Json results(const std::string& out) const { return Json::parse(text_of(out + "/results.json")); }
};

TEST_F(Experiment, ComparesTestsAndReports) {
  const Answer answer = compare("--epochs 3 --lr 0.1,0.01 --seeds 2 --out out");
  ASSERT_EQ(answer.status, 0) << answer.text << text_of("errors");
  EXPECT_NE(answer.text.find("16 trials (4 optimizers, 8 configurations, 2 seeds)"), std::string::npos)
      << answer.text;
  EXPECT_NE(answer.text.find("out/report.html"), std::string::npos);

  const Json document = results("out");
  EXPECT_EQ(document["study"]["state"], "complete");
  EXPECT_EQ(document["study"]["problem"]["test_size"], 20);
  EXPECT_EQ(document["trials"].size(), 16u);
  ASSERT_EQ(document["ranking"].size(), 4u);
  std::size_t tested = 0, weights = 0;
  for (const Json& trial : document["trials"]) tested += !trial["test_accuracy"].is_null();
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "out/weights"))
    weights += file.is_regular_file();
  EXPECT_EQ(tested, 8u) << "the selected configuration of each optimizer, with two seeds";
  EXPECT_EQ(weights, 8u);
  const std::string curves = text_of("out/curves.csv");
  EXPECT_EQ(std::ranges::count(curves, '\n'), 1 + 16 * 3);
  EXPECT_NE(text_of("out/report.html").find("basin-study"), std::string::npos);
}

// 40 training images, of which 6 are held out: other counts than the published set has.
TEST_F(Experiment, SaysWhatTheFilesHold) {
  EXPECT_NE(compare("--dry-run --batch-size full").text.find("batch 34 default"), std::string::npos);
  EXPECT_NE(compare("--dry-run").text.find("10 epochs of 34 examples"), std::string::npos);
  ASSERT_EQ(compare("--epochs 1 --out out").status, 0);
  EXPECT_NE(text_of("errors").find(
                "fmnist-cnn: 4 trials (4 optimizers, 4 configurations, 1 seed), 1 epoch of 34 examples"),
            std::string::npos)
      << text_of("errors");
  const auto refuses = [&](const std::string& options, const std::string& why) {
    EXPECT_EQ(compare("--out no " + options).status, 2);
    EXPECT_EQ(text_of("errors"), "basin: " + why + "\n");
    EXPECT_FALSE(exists("no"));
  };
  refuses("--train-size 35", "--train-size: 35 is more than the 34 examples that fmnist-cnn has to train on");
  refuses(
      "--batch-size 16,35",
      "--batch-size: 35 is more than the 34 examples that are trained on; --batch-size full takes them all");
  refuses(
      "--batch-size 35 --train-size 20",
      "--batch-size: 35 is more than the 20 examples that are trained on; --batch-size full takes them all");
}

TEST_F(Experiment, TooFewImagesToValidateWithAreRefused) {
  const auto trained = [&](std::uint32_t images) {
    samples::mnist_files(folder_ / "few", images, 1);
    return shell("$BASIN train fmnist-cnn --epochs 1 --worker $WORKER --data-dir few 2>errors").status;
  };
  EXPECT_EQ(trained(1), 2);
  EXPECT_EQ(text_of("errors"),
            "basin: fashion-mnist: 1 training image is too few to hold one out for validation; there must be "
            "6 or more\n");
  EXPECT_EQ(trained(5), 2);
  EXPECT_NE(text_of("errors").find("5 training images are too few"), std::string::npos);
  EXPECT_EQ(trained(6), 0) << text_of("errors");
}

TEST_F(Experiment, JsonIsAllThatStandsOnStandardOutput) {
  const Answer answer = compare("--epochs 1 --optimizers adam --json --out out");
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(Json::parse(answer.text), results("out"));
}

TEST_F(Experiment, AnyNumberOfJobsGivesTheSameCurves) {
  ASSERT_EQ(compare("--epochs 2 --seeds 3 --jobs 1 --out one").status, 0);
  ASSERT_EQ(compare("--epochs 2 --seeds 3 --jobs 3 --out three").status, 0);
  EXPECT_EQ(text_of("one/curves.csv"), text_of("three/curves.csv"));
}

TEST_F(Experiment, ResumeWantsTheSameStudy) {
  ASSERT_EQ(compare("--epochs 2 --optimizers adam --out out --resume").status, 0)
      << "starts afresh where nothing is";
  const std::string curves = text_of("out/curves.csv");
  EXPECT_EQ(compare("--epochs 2 --optimizers adam --out out").status, 2);
  EXPECT_NE(text_of("errors").find("add --resume"), std::string::npos);
  EXPECT_EQ(compare("--epochs 3 --optimizers adam --out out --resume").status, 2);
  EXPECT_NE(text_of("errors").find("--epochs is 2 there and 3 here"), std::string::npos);
  EXPECT_EQ(compare("--epochs 2 --optimizers sgd --out out --resume").status, 2);
  EXPECT_NE(text_of("errors").find("trial 0 is 'adam"), std::string::npos);
  EXPECT_EQ(compare("--epochs 2 --optimizers adam --out out --resume").status, 0);
  EXPECT_EQ(text_of("out/curves.csv"), curves);
}

// In a non-interactive shell, a background command ignores SIGINT; SIGTERM stops it in the same way.
TEST_F(Experiment, StopsCleanlyAndGoesOn) {
  const std::string command =
      "$BASIN compare fmnist-cnn --lr default --epochs 20 --seeds 30 --jobs 1 --worker $WORKER --data-dir "
      "data";
  const std::string until_two_ended = "until grep -q '^.2/120' errors; do sleep 0.01; done";
  const Answer stopped =
      shell(command + " --out out 2>errors & " + until_two_ended + "; kill -TERM $!; wait $!");
  EXPECT_EQ(stopped.status, 130) << text_of("errors");
  EXPECT_NE(text_of("errors").find("--out out --resume"), std::string::npos);
  const Json document = results("out");
  EXPECT_EQ(document["study"]["state"], "interrupted");
  const auto complete =
      std::ranges::count(document["trials"], "complete", [](const Json& t) { return t["state"]; });
  EXPECT_GE(complete, 2);
  EXPECT_LT(complete, 120);

  ASSERT_EQ(shell(command + " --out out --resume 2>errors").status, 0) << text_of("errors");
  ASSERT_EQ(shell(command + " --out whole 2>errors").status, 0);
  EXPECT_EQ(text_of("out/curves.csv"), text_of("whole/curves.csv"));
  EXPECT_EQ(results("out")["ranking"], results("whole")["ranking"]);
}

TEST_F(Experiment, DryRunShowsTheTrialsAndWritesNothing) {
  const auto before = files();
  const Answer answer = compare("--dry-run --lr 0.1,0.2");
  EXPECT_EQ(answer.status, 0);
  EXPECT_NE(answer.text.find("7  adam lr 0.2 batch 64 default seed 0      lr"), std::string::npos)
      << answer.text;
  EXPECT_EQ(files(), before + 1) << "errors, which the shell wrote";
}

TEST_F(Experiment, AWorkerThatDoesNotAnswerLeavesNothing) {
  const Answer answer = shell("$BASIN compare --worker /bin/false --data-dir data --out out 2>errors");
  EXPECT_EQ(answer.status, 1);
  EXPECT_FALSE(exists("out"));
}

// These folders contain only what a worker that never says hello leaves.
TEST_F(Experiment, WhatOthersPutIntoTheFolderStays) {
  std::ofstream(folder_ / "worker") << "#!/bin/sh\necho dear >letter; mkdir -p out; mv letter out; exit 1\n";
  shell("chmod +x worker");
  EXPECT_EQ(shell("$BASIN compare --worker ./worker --data-dir data --out out 2>errors").status, 1);
  EXPECT_EQ(shell("ls out").text, "letter\n") << text_of("errors");
  EXPECT_EQ(
      shell("rm out/letter; $BASIN compare --worker /bin/false --data-dir data --out out 2>errors").status,
      1);
  EXPECT_TRUE(exists("out")) << "it was there before";
  EXPECT_EQ(shell("ls out").text, "");
}

TEST_F(Experiment, WeightsThatAreNoTrialsStay) {
  ASSERT_EQ(compare("--epochs 1 --out out").status, 0) << text_of("errors");
  std::ofstream(folder_ / "out/weights/notes.txt") << "dear";
  ASSERT_EQ(compare("--epochs 1 --out out --resume").status, 0) << text_of("errors");
  EXPECT_TRUE(exists("out/weights/notes.txt"));
}

// Runs the line six times at once; returns the sorted exit statuses.
constexpr const char* six_at_once =
    "for i in 1 2 3 4 5 6; do { sh -c \"$LINE\" >answer$i 2>errors$i; echo $? >status$i; } & done; wait; "
    "cat status? | sort | tr '\\n' ' '";

TEST_F(Experiment, RunsThatAreStartedTogetherHaveFoldersOfTheirOwn) {
  const Answer answer =
      shell("export LINE=\"$BASIN train fmnist-cnn --epochs 2 --worker $WORKER --data-dir data\"; " +
            std::string(six_at_once));
  EXPECT_EQ(answer.text, "0 0 0 0 0 0 ") << shell("cat errors?").text;
  for (const char* name : {"1", "2", "3", "4", "5", "6"}) {
    const std::string run = std::string("fmnist-cnn-") + name;
    const Json document = results("runs/" + run);
    EXPECT_EQ(document["study"]["name"], run);
    EXPECT_EQ(document["study"]["state"], "complete");
  }
  EXPECT_FALSE(exists("runs/fmnist-cnn-7"));
}

TEST_F(Experiment, OneOfThoseThatWantTheSameFolderGetsIt) {
  for (const std::string more : {"", " --resume"}) {
    shell("rm -rf out; mkdir out");
    const Answer answer = shell(
        "export LINE=\"$BASIN compare fmnist-cnn --lr default --epochs 2 --worker $WORKER --data-dir data "
        "--out out" +
        more + "\"; " + six_at_once);
    EXPECT_TRUE(answer.text.starts_with("0 ")) << answer.text << shell("cat errors?").text;
    EXPECT_EQ(results("out")["study"]["state"], "complete");
    const std::string said = shell("cat errors?").text;
    EXPECT_EQ(said.find("already exists"), std::string::npos) << said;
    EXPECT_EQ(said.find("locked"), std::string::npos) << said;
    if (more.empty()) {
      EXPECT_EQ(answer.text, "0 2 2 2 2 2 ") << said;
    }
  }
}

TEST_F(Experiment, TrainShowsEveryEpochAndTheTest) {
  const Answer answer = shell("$BASIN train --lr 0.01 --epochs 2 --worker $WORKER --data-dir data 2>errors");
  ASSERT_EQ(answer.status, 0) << text_of("errors");
  EXPECT_NE(answer.text.find("epoch 1/2  loss"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("epoch 2/2  loss"), std::string::npos);
  EXPECT_NE(answer.text.find("test loss 0.5000, test acc "), std::string::npos);
  EXPECT_EQ(results("runs/fmnist-cnn-1")["study"]["command"],
            std::string("basin train fmnist-cnn --lr 0.01 --epochs 2 --worker ") + paths::worker +
                " --data-dir data");
}

TEST_F(Experiment, GroupsAreAFactorAndAreKept) {
  const std::string groups = "--groups none --groups 'bias: weight_decay 0; head: sgd, lr 0.5x' ";
  ASSERT_EQ(compare("--epochs 1 --optimizers adam --out out " + groups).status, 0) << text_of("errors");
  const Json document = results("out");
  EXPECT_EQ(document["study"]["factors"], Json::parse(R"([{"name": "groups", "scale": "category"}])"));
  EXPECT_EQ(document["trials"][0]["config"]["groups"], "none");
  EXPECT_EQ(document["trials"][1]["config"]["groups"], "bias: weight_decay 0; head: sgd, lr 0.5x");
  EXPECT_NE(text_of("out/curves.csv").find(",on,\"bias: weight_decay 0; head: sgd, lr 0.5x\","),
            std::string::npos)
      << text_of("out/curves.csv");
  EXPECT_EQ(
      compare("--epochs 1 --optimizers adam --out out --resume --groups none --groups 'bias: lr 0'").status,
      2);
  EXPECT_NE(text_of("errors").find("trial 1 is "), std::string::npos) << text_of("errors");
}

TEST_F(Experiment, RolesAreListed) {
  const Answer answer = shell("$BASIN list roles");
  EXPECT_NE(answer.text.find("4,752  conv0_weight, conv3_weight"), std::string::npos) << answer.text;
  const Json roles = Json::parse(shell("$BASIN list roles --json").text).at("roles");
  EXPECT_EQ(roles[3]["name"], "head");
  EXPECT_EQ(roles[3]["parameters"]["fmnist-mlp"].size(), 1u);
}

TEST_F(Experiment, ReportAndStatusReadTheStore) {
  ASSERT_EQ(compare("--epochs 1 --optimizers adam --out out").status, 0);
  const std::string before = text_of("out/results.json");
  std::filesystem::remove(folder_ / "out/results.json");
  EXPECT_EQ(shell("$BASIN report out").text, "out/report.html\nout/results.json\nout/curves.csv\n");
  EXPECT_EQ(text_of("out/results.json"), before);
  EXPECT_NE(shell("$BASIN status out").text.find("out: 1 trial, 1 complete"), std::string::npos);
}

// Another program, as SQLite sees it: holds the file's lock from `lock` until `let_go`.
class Locker {
 public:
  explicit Locker(const std::filesystem::path& file) { sqlite3_open(file.c_str(), &database_); }
  ~Locker() { sqlite3_close(database_); }
  bool lock() { return sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK; }
  void let_go() { sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr); }

 private:
  sqlite3* database_ = nullptr;
};

TEST_F(Experiment, ALockedStoreIsWaitedForAndToldOfOnce) {
  std::jthread holder([&] {
    for (int i = 0; i < 6000 && text_of("errors").find("[2/") == std::string::npos; ++i)
      std::this_thread::sleep_for(5ms);
    Locker locker(folder_ / "out/study.db");
    while (!locker.lock()) std::this_thread::sleep_for(1ms);
    for (int i = 0; i < 150 && text_of("errors").find("is locked") == std::string::npos; ++i)
      std::this_thread::sleep_for(100ms);
    std::this_thread::sleep_for(200ms);
    locker.let_go();
  });
  EXPECT_EQ(compare("--epochs 20 --seeds 5 --jobs 2 --out out").status, 0) << text_of("errors");
  const std::string errors = text_of("errors"), line = "out/study.db is locked by another program; waiting";
  const std::size_t said = errors.find(line);
  ASSERT_NE(said, std::string::npos) << errors;
  EXPECT_EQ(errors.find(line, said + 1), std::string::npos) << errors;
  EXPECT_EQ(results("out")["study"]["state"], "complete");
}

TEST_F(Experiment, AFinishedStudyIsReadWhereNothingCanBeWritten) {
  ASSERT_EQ(compare("--epochs 2 --optimizers sgd,adam --out out").status, 0);
  EXPECT_FALSE(exists("out/study.db-wal") || exists("out/study.db-shm") || exists("out/study.db-writer"));
  const std::string frozen = "unshare -m sh -c 'mount --bind out out && mount -o remount,ro,bind out && ";
  if (shell(frozen + "! touch out/new' 2>errors").status != 0) GTEST_SKIP() << "nothing can be mounted here";
  const Answer status = shell(frozen + "exec \"$0\" status out' $BASIN 2>&1");
  EXPECT_EQ(status.status, 0) << status.text;
  EXPECT_NE(status.text.find("out: 2 trials, 2 complete"), std::string::npos) << status.text;
  const Answer events = shell(frozen + "exec \"$0\" export out --tensorboard logs' $BASIN 2>&1");
  EXPECT_EQ(events.status, 0) << events.text;
  EXPECT_TRUE(exists("logs"));
}

}  // namespace
}  // namespace basin::cli
