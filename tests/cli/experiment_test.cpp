// compare and train from end to end, with a worker that trains nothing, on a data set of 40 pictures.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

using Json = nlohmann::json;

class Experiment : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    samples::mnist_files(folder_ / "data", 40, 20);
  }
  // `basin compare OPTIONS`, its standard error thrown away.
  Answer compare(const std::string& options) const {
    return shell("$BASIN compare fmnist-cnn --worker $WORKER --data-dir data " + options + " 2>errors");
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

// In a shell that is not interactive a background command ignores SIGINT: SIGTERM stops in the same way.
TEST_F(Experiment, StopsCleanlyAndGoesOn) {
  const std::string command =
      "$BASIN compare fmnist-cnn --epochs 20 --seeds 30 --jobs 1 --worker $WORKER --data-dir data";
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

TEST_F(Experiment, TrainShowsEveryEpochAndTheTest) {
  const Answer answer = shell("$BASIN train --lr 0.01 --epochs 2 --worker $WORKER --data-dir data 2>errors");
  ASSERT_EQ(answer.status, 0) << text_of("errors");
  EXPECT_NE(answer.text.find("epoch 1/2  loss"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("epoch 2/2  loss"), std::string::npos);
  EXPECT_NE(answer.text.find("test loss 0.5000, test acc "), std::string::npos);
  EXPECT_EQ(results("runs/fmnist-cnn-1")["study"]["command"],
            "basin train fmnist-cnn --lr 0.01 --epochs 2 --worker " BASIN_TEST_WORKER " --data-dir data");
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
  EXPECT_NE(answer.text.find("convolution    4,752  conv0_weight, conv3_weight"), std::string::npos)
      << answer.text;
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

}  // namespace
}  // namespace basin::cli
