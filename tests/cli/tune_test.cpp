// tune, ask and tell from end to end, with a worker that trains nothing, on a data set of 40 pictures.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

using Json = nlohmann::json;

class Tune : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    samples::mnist_files(folder_ / "data", 40, 20);
  }
  Answer tune(const std::string& options) const {
    return shell("$BASIN tune fmnist-cnn --worker $WORKER --data-dir data --epochs 2 " + options +
                 " 2>errors");
  }
  Json results(const std::string& out) const { return Json::parse(text_of(out + "/results.json")); }
};

TEST_F(Tune, SearchesComparesAndReports) {
  const Answer answer = tune("--optimizers sgd,adam --trials 5 --finalists 2 --sampler random --out out");
  ASSERT_EQ(answer.status, 0) << text_of("errors");
  EXPECT_NE(
      answer.text.find("14 trials (2 optimizers x 5 trials by random, then the best with 2 fresh seeds)"),
      std::string::npos)
      << answer.text;
  EXPECT_NE(text_of("errors").find("  adam  5.0 decades of lr, 5.0 decades of adam.weight_decay\n"),
            std::string::npos)
      << text_of("errors");
  const Json document = results("out");
  EXPECT_EQ(document["study"]["state"], "complete");
  EXPECT_EQ(document["study"]["replicates"], 2) << "the search's seed is not compared";
  EXPECT_EQ(document["search"]["sampler"], "random");
  EXPECT_EQ(document["search"]["space"].size(), 2u);
  std::size_t tested = 0;
  for (const Json& trial : document["trials"]) {
    EXPECT_EQ(trial["stage"], trial["number"] < 10 ? "search" : "final");
    tested += !trial["test_accuracy"].is_null();
  }
  EXPECT_EQ(tested, 4u) << "what was searched is never tested";
  for (const Json& row : document["ranking"]) EXPECT_EQ(row["validation_accuracy"]["n"], 2);
}

TEST_F(Tune, LeavesAFileThatRepeatsIt) {
  ASSERT_EQ(tune("--optimizers adam --search 'schedule=constant|warmup 1ep, cosine' --search lr=1e-3..1e-1 "
                 "--trials 4 --finalists 1 --sampler random --out out")
                .status,
            0)
      << text_of("errors");
  ASSERT_EQ(shell("$BASIN tune out/study.toml --out again 2>errors").status, 0) << text_of("errors");
  EXPECT_EQ(text_of("again/curves.csv"), text_of("out/curves.csv"));
  EXPECT_EQ(text_of("again/study.toml"), text_of("out/study.toml"));
}

TEST_F(Tune, ReadsAStudyFileAndWhatIsTypedGoesFirst) {
  std::ofstream(folder_ / "s.toml")
      << "problem = \"fmnist-cnn\"\noptimizers = [\"sgd\", \"adam\"]\ntrials = 3\n"
         "epochs = 2\n[search]\nlr = \"1e-4..1\"\nbatch-size = [4, 8]\n"
         "[search.adam]\nbeta1 = \"0.8..0.99\"\n";
  const Answer answer = shell("$BASIN tune s.toml --trials 7 --data-dir data --dry-run 2>errors");
  ASSERT_EQ(answer.status, 0) << text_of("errors");
  EXPECT_NE(answer.text.find("2 optimizers x 7 trials"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("1.3 decades of 1 - adam.beta1"), std::string::npos) << answer.text;
}

TEST_F(Tune, AWrongStudyFileIsRefusedWithItsLine) {
  std::ofstream(folder_ / "s.toml") << "problem = \"fmnist-cnn\"\ntrails = 3\n";
  EXPECT_EQ(shell("$BASIN tune s.toml --dry-run 2>errors").status, 2);
  EXPECT_NE(text_of("errors").find(
                "basin: s.toml:2: unknown option of basin tune 'trails'; did you mean 'trials'?"),
            std::string::npos)
      << text_of("errors");
}

TEST_F(Tune, ComparingSearchesTheRateFirst) {
  const Answer answer = shell(
      "$BASIN compare fmnist-cnn --optimizers adam --init default,he_normal --worker $WORKER --data-dir data "
      "--epochs 1 --out out 2>errors");
  ASSERT_EQ(answer.status, 0) << text_of("errors");
  const Json document = results("out");
  ASSERT_EQ(document["trials"].size(), 5 + 2 * 3u);
  EXPECT_EQ(document["trials"][0]["config"]["lr"], 0.001);
  EXPECT_EQ(document["trials"][10]["config"]["init"], "he_normal");
  EXPECT_EQ(document["trials"][10]["config"]["lr"], document["trials"][5]["config"]["lr"]);
}

TEST_F(Tune, RefusesWithStatusTwoAndWritesNothing) {
  const auto before = files();
  for (const char* wrong :
       {"--search lr=0.1..0.01", "--search lr=0..1", "--sampler tep", "--pruner medain", "--trials 0",
        "--sampler 'tpe startpu 3'", "--search adam.beta9=0.1..0.2", "--metric 'loss min'"})
    EXPECT_EQ(tune(std::string(wrong) + " --out out").status, 2) << wrong;
  EXPECT_EQ(files(), before + 1) << "errors, which the shell wrote";
}

TEST_F(Tune, AsksAndIsToldByHand) {
  const std::string begin =
      "$BASIN ask out --search lr=1e-4..1 --search act=relu,gelu --metric 'val_loss min' "
      "--trials 4 --finalists 1 --lag 2 --sampler random --json 2>errors";
  EXPECT_EQ(shell("$BASIN ask out 2>errors").status, 2) << "nothing is searched";
  EXPECT_FALSE(exists("out"));
  const Json first = Json::parse(shell(begin).text);
  EXPECT_EQ(first["number"], 0);
  EXPECT_GT(first["config"]["lr"], 1e-4);
  EXPECT_EQ(shell("$BASIN ask out 2>errors").status, 0);
  EXPECT_EQ(shell("$BASIN ask out 2>errors").status, 2);
  EXPECT_NE(text_of("errors").find("trial 0 must be told first"), std::string::npos) << text_of("errors");
  EXPECT_EQ(shell("$BASIN tell out 5 --value 1 2>errors").status, 2);
  for (int k = 0; k < 5; ++k) {
    ASSERT_EQ(
        shell("$BASIN tell out " + std::to_string(k) + " --value 0." + std::to_string(9 - k) + " 2>errors")
            .status,
        0)
        << text_of("errors");
    shell("$BASIN ask out 2>errors");
  }
  EXPECT_NE(text_of("errors").find("all 5 trials of the search have a result"), std::string::npos)
      << text_of("errors");
  ASSERT_EQ(shell("$BASIN report out 2>errors").status, 0) << text_of("errors");
  const Json document = results("out");
  EXPECT_EQ(document["study"]["state"], "complete");
  EXPECT_EQ(document["trials"][4]["config"], document["trials"][3]["config"])
      << "the best, with a fresh seed";
}

}  // namespace
}  // namespace basin::cli
