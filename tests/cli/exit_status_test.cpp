// The exit status of the command when trials fail, when output cannot be written, and when a signal comes.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"
#include "tests/paths.hpp"

namespace basin::cli {
namespace {

using Json = nlohmann::json;

const std::string run = "fmnist-cnn --worker $WORKER --data-dir data --epochs 2 ";

class ExitStatus : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    samples::mnist_files(folder_ / "data", 40, 20);
  }
  // Runs compare with two optimizers, where the worker does `act` in trial 0.
  Answer compare_where_one(const std::string& act, const std::string& options = "") const {
    std::ofstream(folder_ / "worker")
        << "#!/bin/sh\nexec '" << paths::worker << "' \"$@\" --trial 0 " << act << "\n";
    std::filesystem::permissions(folder_ / "worker", std::filesystem::perms::owner_all);
    return shell(
        "$BASIN compare fmnist-cnn --lr default --worker ./worker --data-dir data --epochs 2 --optimizers "
        "sgd,adam "
        "--out out " +
        options + " 2>errors");
  }
  Json results() const { return Json::parse(text_of("out/results.json")); }
};

TEST_F(ExitStatus, AFailedTrialIsAFailureAndTheReportIsWritten) {
  const Answer answer = compare_where_one("kill");
  EXPECT_EQ(answer.status, 1) << text_of("errors");
  EXPECT_NE(
      answer.text.find("trial 0, sgd lr 0.01 batch 64 default seed 0, failed: worker killed by SIGKILL"),
      std::string::npos)
      << answer.text;
  EXPECT_NE(text_of("errors").find(
                "basin: 1 of 2 trials failed; try again with\n"
                "  basin compare fmnist-cnn --optimizers sgd,adam --lr default --epochs 2 --worker ./worker "
                "--data-dir data --out out --resume\n"),
            std::string::npos)
      << text_of("errors");
  EXPECT_EQ(results()["trials"][0]["state"], "failed");
  EXPECT_EQ(results()["trials"][1]["state"], "complete");
  EXPECT_FALSE(results()["trials"][1]["test_accuracy"].is_null());
  EXPECT_TRUE(exists("out/report.html"));
  EXPECT_EQ(compare_where_one("default", "--resume").status, 0) << text_of("errors");
}

TEST_F(ExitStatus, JsonIsPrintedAllTheSame) {
  const Answer answer = compare_where_one("error", "--json");
  EXPECT_EQ(answer.status, 1);
  EXPECT_EQ(Json::parse(answer.text), results());
}

TEST_F(ExitStatus, ATestThatFailedIsAFailureToo) {
  const Answer answer = compare_where_one("untestable");
  EXPECT_EQ(answer.status, 1) << text_of("errors");
  EXPECT_NE(text_of("errors").find("basin: 1 of 2 trials could not be tested; try again with\n"),
            std::string::npos)
      << text_of("errors");
  EXPECT_EQ(results()["trials"][0]["state"], "complete");
  EXPECT_TRUE(results()["trials"][0]["test_accuracy"].is_null());
}

TEST_F(ExitStatus, ADivergedTrialIsAResult) {
  EXPECT_EQ(compare_where_one("diverge").status, 0) << text_of("errors");
  EXPECT_EQ(results()["trials"][0]["state"], "diverged");
}

// Every way to print. doctor exits with 1 if anything is wrong with the machine, but it reports this, too.
const char* const printing[] = {"compare fmnist-cnn --dry-run",
                                "list",
                                "list optimizers --json",
                                "data",
                                "status out",
                                "report out",
                                "export out --tensorboard logs",
                                "doctor --worker $WORKER --data-dir data",
                                "doctor --worker $WORKER --data-dir data --json",
                                "--help",
                                "--version",
                                "compare --help",
                                ""};

class Printing : public ExitStatus {
 protected:
  void SetUp() override {
    ExitStatus::SetUp();
    ASSERT_EQ(
        shell("$BASIN compare --lr default " + run + "--optimizers sgd --out out >/dev/null 2>&1").status, 0);
  }
  std::vector<std::string> all() const {
    std::vector<std::string> lines(std::begin(printing), std::end(printing));
    for (const char* json : {"", " --json"}) {
      lines.push_back("train " + run + json);
      lines.push_back("compare --lr default " + run + "--optimizers sgd" + json);
      lines.push_back(std::string("lr-find fmnist-cnn --worker $WORKER --data-dir data --steps 40") + json);
    }
    return lines;
  }
  // `line` writes its status to the file `status`.
  void expect_told(const std::string& line, const std::string& command, const std::string& why) {
    std::filesystem::remove_all(folder_ / "logs");
    shell(line);
    const std::string errors = text_of("errors");
    const auto told = [&](const std::string& reason) {
      return errors.find("basin: standard output: " + reason + "\n") != std::string::npos;
    };
    EXPECT_EQ(text_of("status"), "1\n") << command << ": " << errors;
    // The parser itself prints the version, and an older one discards the reason.
    EXPECT_TRUE(told(why) || (command == "--version" && told("part of it could not be written")))
        << command << ": " << errors;
  }
};

TEST_F(Printing, ToAFullDiskFails) {
  for (const std::string& command : all())
    expect_told("$BASIN " + command + " >/dev/full 2>errors; echo $? >status", command,
                "No space left on device");
}

TEST_F(Printing, ToAClosedPipeFails) {
  for (const std::string& command : all())
    expect_told("{ sleep 0.1; $BASIN " + command + " 2>errors; echo $? >status; } | :", command,
                "Broken pipe");
}

TEST_F(Printing, ToNothingFails) {
  for (const std::string& command : all())
    expect_told("$BASIN " + command + " >&- 2>errors; echo $? >status", command, "Bad file descriptor");
}

TEST_F(Printing, ATrainingWhoseReaderLeftIsTrainedToItsEnd) {
  shell(
      "$BASIN train fmnist-cnn --worker $WORKER --data-dir data --epochs 200 --out trained 2>errors | head "
      "-n 1");
  const Json document = Json::parse(text_of("trained/results.json"));
  EXPECT_EQ(document["study"]["state"], "complete");
  EXPECT_EQ(document["trials"][0]["curve"]["epoch"].size(), 200u);
  EXPECT_FALSE(document["trials"][0]["test_accuracy"].is_null());
}

TEST_F(ExitStatus, WhoeverStartedItMayHaveASignalIgnored) {
  const auto signalled = [&](const std::string& before, const std::string& signal, const std::string& out) {
    return shell("rm -f errors; ( " + before +
                 " exec $BASIN compare fmnist-cnn --lr default --worker $WORKER --data-dir data --epochs 20 "
                 "--seeds 10 "
                 "--jobs 1 --out " +
                 out +
                 " 2>errors >/dev/null ) &\n"
                 "for i in $(seq 1000); do grep -qs '^.2/40' errors && break; sleep 0.01; done; kill -" +
                 signal + " $!; wait $!")
        .status;
  };
  EXPECT_EQ(signalled("trap '' HUP;", "HUP", "nohup"), 0) << text_of("errors");
  EXPECT_EQ(signalled("", "INT", "background"), 0) << "a shell that is not interactive has SIGINT ignored";
  EXPECT_EQ(signalled("", "HUP", "hung"), 130) << text_of("errors");
  EXPECT_EQ(signalled("", "TERM", "stopped"), 130) << text_of("errors");
}

TEST_F(ExitStatus, APathThatIsNoTextIsRefusedBeforeAnythingIsDone) {
  const auto refused = [&](const std::string& command, const std::string& option) {
    const auto before = files();
    const Answer answer = shell("latin=$(printf 'r\\351sultat'); $BASIN " + command + " 2>&1");
    EXPECT_EQ(answer.status, 2) << command << ": " << answer.text;
    EXPECT_NE(answer.text.find(option + ": "), std::string::npos) << answer.text;
    EXPECT_NE(answer.text.find(" is not UTF-8"), std::string::npos) << answer.text;
    EXPECT_EQ(std::ranges::count(answer.text, '\n'), 1) << answer.text;
    EXPECT_EQ(files(), before) << command;
  };
  shell("latin=$(printf 'r\\351sultat'); mkdir $latin; cp -r data $latin/data; cp $WORKER $latin/worker");
  for (const char* verb : {"train ", "compare "}) {
    refused(verb + run + "--out $latin/new", "--out");
    refused(verb + run + "--out new$latin --json", "--out");
    refused(std::string(verb) + "fmnist-cnn --worker $latin/worker", "--worker");
    refused(std::string(verb) + "fmnist-cnn --data-dir $latin/data", "--data-dir");
  }
  refused("lr-find --worker $latin/worker", "--worker");
  refused("doctor --json --worker $latin/worker", "--worker");
  refused("doctor --json --data-dir $latin/data", "--data-dir");
  shell("mkdir $(printf 'l\\351')");
  const Answer here = shell(
      "cd $(printf 'l\\351') && $BASIN train fmnist-cnn --worker $WORKER --data-dir ../data --out . 2>&1");
  EXPECT_EQ(here.status, 2) << here.text;
  EXPECT_NE(here.text.find(" is not UTF-8"), std::string::npos) << here.text;
  const Answer below = shell(
      "cd $(printf 'r\\351sultat') && rm -r worker && $BASIN train fmnist-cnn --worker $WORKER --data-dir "
      "data "
      "--epochs 1 2>&1 && $BASIN status $PWD/runs/fmnist-cnn-1 && $BASIN report $PWD/runs/fmnist-cnn-1");
  EXPECT_EQ(below.status, 0) << "a study may lie in such a folder: " << below.text;
}

}  // namespace
}  // namespace basin::cli
