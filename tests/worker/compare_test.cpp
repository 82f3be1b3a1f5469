// The command with real workers: networks that train, on small files and on the published data sets.
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/storage/file.hpp"
#include "basin/storage/safetensors.hpp"
#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using Json = nlohmann::json;

class RealWorker : public cli::InFolder {
 protected:
  // Returns the study document that `basin OPTIONS` prints.
  Json study(const std::string& options) const {
    const cli::Answer answer = shell("$BASIN " + options + " --json 2>errors");
    EXPECT_EQ(answer.status, 0) << text_of("errors");
    return answer.status == 0 ? Json::parse(answer.text) : Json();
  }
  // Returns the curves without the last column, the seconds.
  std::string curves(const std::string& out) const {
    return shell("rev " + out + "/curves.csv | cut -d, -f2- | rev").text;
  }
};

// Returns the accuracies by the name of the optimizer.
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
      "compare own-spirals --worker $WORKER --optimizers sgd,adam --lr 0.01 --epochs 30 --train-size 1000 "
      "--out "
      "out");
  EXPECT_EQ(spirals["study"]["problem"]["parameters"], 2 * 64 + 64 + 64 * 64 + 64 + 64 * 2 + 2);
  EXPECT_EQ(spirals["study"]["problem"]["validation_size"], 500);
  EXPECT_GT(test_accuracies(spirals).at("adam"), 0.9);
}

TEST_F(RealWorker, TrainsGroupsAndSaysWhichRolesAProblemOfOnesOwnHas) {
  const std::string call = " own-spirals --worker $WORKER --epochs 2 --train-size 200 ";
  const Json two = study("compare --lr default" + call +
                         "--optimizers adamw --out out --groups none --groups 'bias: weight_decay 0; "
                         "head: adagrad, lr 10x'");
  ASSERT_EQ(two["trials"].size(), 2u);
  for (const Json& trial : two["trials"]) EXPECT_EQ(trial["state"], "complete") << trial["reason"];
  EXPECT_NE(two["trials"][0]["validation_loss"], two["trials"][1]["validation_loss"]);
  const cli::Answer found =
      shell("$BASIN lr-find own-spirals --worker $WORKER --steps 10 --groups 'head: lr 10x' 2>errors");
  EXPECT_EQ(found.status, 0) << text_of("errors");

  const cli::Answer absent =
      shell("$BASIN train" + call + "--groups 'norm: lr 1' --out absent --json 2>errors");
  EXPECT_EQ(absent.status, 1);
  EXPECT_EQ(Json::parse(absent.text)["trials"][0]["reason"],
            "groups 'norm: lr 1': this network has no such parameters; it has matrix, head and bias");
}

TEST_F(RealWorker, WeightsOfATrainedTrialAreExportedWithTheirLayers) {
  samples::mnist_files(folder_ / "data", 400, 50);
  study("train fmnist-mlp --optimizer adam --epochs 2 --data-dir data --out out");
  const cli::Answer answer = shell("$BASIN export out --weights best.safetensors");
  EXPECT_TRUE(answer.text.starts_with("weights      best.safetensors: trial 0, adam")) << answer.text;
  const std::vector<std::uint8_t> bytes = storage::read_file(folder_ / "best.safetensors"),
                                  kept = storage::read_file(folder_ / "out/weights/trial-0.safetensors");
  const auto exported = storage::parse_safetensors(bytes), trained = storage::parse_safetensors(kept);
  ASSERT_EQ(exported.size(), trained.size());
  for (std::size_t i = 0; i < exported.size(); ++i) {
    EXPECT_EQ(exported[i].name, trained[i].name);
    EXPECT_TRUE(std::ranges::equal(exported[i].bytes, trained[i].bytes));
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  const Json metadata = Json::parse(bytes.begin() + 8, bytes.begin() + 8 + length).at("__metadata__");
  EXPECT_EQ(metadata["problem"], "fmnist-mlp");
  EXPECT_EQ(metadata["input"], "28 x 28 x 1");
  EXPECT_TRUE(metadata["layers"].get<std::string>().ends_with("linear 10")) << metadata;
}

TEST_F(RealWorker, IsPinnedToOneThreadAndKeepsItsMemory) {
  const cli::Answer answer = shell("OMP_NUM_THREADS=2 $BASIN doctor --json 2>errors");
  const Json worker = Json::parse(answer.text)["worker"];
  ASSERT_FALSE(worker.is_null()) << answer.text;
  EXPECT_EQ(worker["threads"], 1) << "whatever the environment says";
  EXPECT_TRUE(worker["blas_threads"].is_null() || worker["blas_threads"] == 1) << worker;
  EXPECT_TRUE(worker["keeps_freed_memory"]);
}

TEST_F(RealWorker, ALossThatIsNotFiniteIsAResult) {
  samples::mnist_files(folder_ / "data", 400, 50);
  const Json one = study("train fmnist-mlp --optimizer sgd --lr 1e30 --epochs 2 --data-dir data --out out");
  EXPECT_EQ(one["trials"][0]["state"], "diverged");
  EXPECT_NE(one["trials"][0]["reason"], "");
}

// Takes minutes, on the published data.
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
