// The command with real workers: networks that train, on small files and on the data sets as published.
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using Json = nlohmann::json;

class RealWorker : public cli::InFolder {
 protected:
  // The study document that `basin OPTIONS` prints.
  Json study(const std::string& options) const {
    const cli::Answer answer = shell("$BASIN " + options + " --json 2>errors");
    EXPECT_EQ(answer.status, 0) << text_of("errors");
    return answer.status == 0 ? Json::parse(answer.text) : Json();
  }
  // Without the last column, the seconds.
  std::string curves(const std::string& out) const {
    return shell("rev " + out + "/curves.csv | cut -d, -f2- | rev").text;
  }
};

// By the name of the optimizer.
std::map<std::string, double> test_accuracies(const Json& study) {
  std::map<std::string, double> out;
  for (const Json& row : study["ranking"]) out[row["optimizer"]] = row["test_accuracy"]["mean"].get<double>();
  return out;
}

TEST_F(RealWorker, TrainsSelectsAndTestsOnFilesInAFolder) {
  samples::mnist_files(folder_ / "data", 400, 50);
  const std::string call =
      "compare fmnist-cnn --optimizers momentum,adam --lr 0.001,0.003 --init default,he_normal --epochs 4 "
      "--batch-size 16 --seeds 2 --data-dir data --out ";
  const Json one = study(call + "one --jobs 1");
  study(call + "two --jobs 2");
  EXPECT_EQ(curves("one"), curves("two")) << "any number of workers gives the same bits";

  ASSERT_EQ(one["trials"].size(), 12u);
  for (const Json& trial : one["trials"]) EXPECT_EQ(trial["state"], "complete") << trial["reason"];
  EXPECT_EQ(one["study"]["problem"]["test_size"], 50);
  EXPECT_GT(test_accuracies(one).at("adam"), 0.5) << "brightness tells ten classes apart";
}

TEST_F(RealWorker, TrainsAProblemOfOnesOwn) {
  const Json spirals = study(
      "compare spirals --worker $WORKER --optimizers sgd,adam --lr 0.01 --epochs 30 --train-size 1000 --out "
      "out");
  EXPECT_EQ(spirals["study"]["problem"]["parameters"], 2 * 64 + 64 + 64 * 64 + 64 + 64 * 2 + 2);
  EXPECT_EQ(spirals["study"]["problem"]["validation_size"], 500);
  EXPECT_GT(test_accuracies(spirals).at("adam"), 0.9);
}

TEST_F(RealWorker, ALossThatIsNotFiniteIsAResult) {
  samples::mnist_files(folder_ / "data", 400, 50);
  const Json one = study("train fmnist-mlp --optimizer sgd --lr 1e30 --epochs 2 --data-dir data --out out");
  EXPECT_EQ(one["trials"][0]["state"], "diverged");
  EXPECT_NE(one["trials"][0]["reason"], "");
}

// Minutes long, on what has been published.
using LongComparison = RealWorker;

TEST_F(LongComparison, FashionMnistIsLearntAndAdaptiveMethodsBeatPlainSgd) {
  try {
    data::locate(data::data_set("fashion-mnist"), std::nullopt);
  } catch (const InputError& absent) {
    GTEST_SKIP() << absent.what();
  }
  const Json fmnist = study("compare fmnist-cnn --epochs 3 --train-size 20000 --out out");
  const auto accuracy = test_accuracies(fmnist);
  EXPECT_GE(accuracy.at(fmnist["ranking"][0]["optimizer"]), 0.86);
  for (const char* better : {"adam", "rmsprop", "momentum"})
    EXPECT_GT(accuracy.at(better), accuracy.at("sgd")) << better;
}

TEST_F(LongComparison, Cifar10IsLearnt) {
  const auto folder = samples::real_data() / "cifar-10";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no CIFAR-10 in $BASIN_TEST_DATA";
  const Json cifar = study(
      "compare cifar10-cnn --optimizers adam --lr 0.001 --epochs 4 --out out --data-dir " + folder.string());
  EXPECT_GE(test_accuracies(cifar).at("adam"), 0.65);
}

}  // namespace
