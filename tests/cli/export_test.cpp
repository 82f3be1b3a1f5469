// basin export from the command line: what it writes, and that a wrong call writes nothing.
#include <algorithm>

#include "basin/study/sqlite.hpp"
#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

class Export : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    samples::mnist_files(folder_ / "data", 40, 20);
    const Answer made = shell(
        "$BASIN compare fmnist-cnn --worker $WORKER --data-dir data --optimizers sgd,adam --lr 0.1,0.01 "
        "--epochs 2 "
        "--out out 2>errors");
    ASSERT_EQ(made.status, 0) << text_of("errors");
  }
  void refuses(const std::string& arguments, const std::string& why) const {
    const auto before = files();
    const Answer answer = shell("$BASIN export " + arguments + " 2>&1");
    EXPECT_EQ(answer.status, 2) << answer.text;
    EXPECT_EQ(std::ranges::count(answer.text, '\n'), 1) << answer.text;
    EXPECT_NE(answer.text.find(why), std::string::npos) << answer.text;
    EXPECT_EQ(files(), before) << arguments;
  }
  std::ptrdiff_t entries(const std::string& folder) const {
    const auto all = std::filesystem::directory_iterator(folder_ / folder);
    return std::distance(begin(all), end(all));
  }
};

TEST_F(Export, TensorboardGetsAFolderForEachTrial) {
  const Answer answer = shell("$BASIN export out --tensorboard logs/ 2>&1");
  EXPECT_EQ(answer.status, 0) << answer.text;
  EXPECT_NE(answer.text.find("4 runs"), std::string::npos) << answer.text;
  EXPECT_EQ(entries("logs"), 5) << "four runs and what is varied";
  EXPECT_TRUE(exists("logs/trial-0-sgd"));
  refuses("out --tensorboard logs", "logs is there already; name a new folder");
}

TEST_F(Export, AnEmptyFolderIsAsGoodAsNone) {
  EXPECT_EQ(shell("mkdir logs && $BASIN export out --tensorboard logs 2>&1").status, 0);
  EXPECT_EQ(entries("logs"), 5);
}

// As workers leave it if the loss is never finite.
TEST_F(Export, SaysThatNothingWasTrained) {
  const study::sqlite::Database store((folder_ / "out/study.db").string());
  const auto change = [&](const std::string& state, const char* which) {
    store.script(("UPDATE basin_trials SET state = '" + state + "', result = json_set(result, '$.state', '" +
                  state + "', '$.best_epoch', 0) WHERE " + which)
                     .c_str());
  };
  shell("rm out/weights/*");
  change("diverged", "true");
  refuses("out --weights w",
          "out: there are no weights: all of its 4 trials diverged in the first epoch; a smaller rate");
  refuses("out --weights w --trial 2",
          "trial 2 has no weights: it is diverged and has not completed an epoch");
  change("failed", "number = 1");
  refuses("out --weights w",
          "out: there are no weights: 3 of its trials diverged in the first epoch, 1 failed");
  change("waiting", "number = 1");
  refuses("out --weights w", "out: no trial has trained an epoch yet, so there are no weights");
}

TEST_F(Export, WrongCallsWriteNothing) {
  refuses("out", "nothing to export; add --weights");
  refuses("nowhere --tensorboard logs", "there is no study here");
  refuses("--tensorboard logs", "DIR");
  refuses("out --tensorboard ''", "--tensorboard: the path is empty");
  refuses("out --tensorboard no/such/logs", "there is no folder no/such");
  refuses("out --tensorboard out/study.db", "is there already");
  refuses("out --trial 0 --tensorboard logs", "--trial selects the weights to export; add --weights FILE");
  refuses("out --weights data", "data is a folder; name a file");
  refuses("out --weights no/such", "there is no folder no");
  refuses("out --weights w --trial 4", "--trial: '4' is not a whole number from 0 to 3");
  refuses("out --weights w --trial best", "--trial: 'best' is not a whole number");
  // The worker of these tests writes text in place of weights.
  refuses("out --weights w --tensorboard logs", "weights/trial-");
  shell("rm out/weights/*");
  refuses("out --weights w --trial 1", "trial 1 has no weights");
}

}  // namespace
}  // namespace basin::cli
