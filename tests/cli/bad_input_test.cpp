// Every wrong call of the real command: exit status 2, one line that names the remedy, nothing written, and
// at once.
#include <algorithm>
#include <array>

#include "command.hpp"

namespace basin::cli {
namespace {

namespace fs = std::filesystem;

struct Wrong {
  const char* arguments;
  const char* message;  // part of the line
};

constexpr std::array wrong_calls{
    Wrong{"comapre", "unknown verb 'comapre'; did you mean 'compare'?"},
    Wrong{"--versoin", "unknown option '--versoin'; did you mean '--version'?"},
    Wrong{"compare --epohcs 3", "unknown option '--epohcs'; did you mean '--epochs'?"},
    Wrong{"compare --epohcs=3", "unknown option '--epohcs'; did you mean '--epochs'?"},
    Wrong{"compare fmnist-cn", "unknown problem 'fmnist-cn'; did you mean 'fmnist-cnn'?"},
    Wrong{"compare fmnist-cnn mnist-cnn", "'mnist-cnn' is one argument too many"},
    Wrong{"compare --optimizers sgd,adma", "unknown optimizer 'adma'; did you mean 'adam'?"},
    Wrong{"compare --optimizers adamw@9bit", "unknown format of slots '9bit'; did you mean '8bit'?"},
    Wrong{"compare --optimizers came@8bit", "came treats tensors as matrices"},
    Wrong{"compare --optimizers ''", "--optimizers: the list is empty"},
    Wrong{"compare --optimizers sgd,,adam", "--optimizers: item 2 of 'sgd,,adam' is empty"},
    Wrong{"compare --init he_norml", "unknown initializer 'he_norml'; did you mean 'he_normal'?"},
    Wrong{"compare --lr", "--lr: a value is missing"},
    Wrong{"compare --lr ''", "--lr: the list is empty"},
    Wrong{"compare --lr -0.1", "--lr: '-0.1' is outside its range; it must be 0 or more"},
    Wrong{"compare --lr nan", "--lr: 'nan' is outside its range"},
    Wrong{"compare --lr inf", "--lr: 'inf' is outside its range"},
    Wrong{"compare --lr 1e999", "--lr: '1e999' does not fit a double"},
    Wrong{"compare --lr fast", "--lr: 'fast' is not a number"},
    Wrong{"compare --lr 0.1 --lr 0.2", "--lr: it is given more than once"},
    Wrong{"compare --batch-size 0", "--batch-size: '0' is not a whole number from 1"},
    Wrong{"compare --batch-size 1.5", "--batch-size: '1.5' is not a whole number"},
    Wrong{"compare --epochs 0", "--epochs: '0' is not a whole number from 1"},
    Wrong{"compare --epochs 99999999999999999999", "--epochs: '99999999999999999999' is not a whole number"},
    Wrong{"compare --seeds -1", "--seeds: '-1' is not a whole number"},
    Wrong{"compare --jobs 0", "--jobs: '0' is not a whole number"},
    Wrong{"compare --stalled-after -1",
          "--stalled-after: '-1' is outside its range; it must be a number of seconds"},
    Wrong{"compare --train-size 0", "--train-size: '0' is not a whole number"},
    Wrong{"compare --train-size 50001", "--train-size: 50001 is more than the 50000 examples"},
    Wrong{"compare --batch-size 32,50001 --train-size 50000",
          "--batch-size: 50001 is more than the 50000 examples that are trained on; --batch-size full takes "
          "them all"},
    Wrong{"train --batch-size 101 --train-size 100", "--batch-size: 101 is more than the 100 examples"},
    Wrong{"compare --patience 0", "--patience: '0' is not a whole number"},
    Wrong{"compare --plateau 2,3", "--plateau: '2' is outside its range"},
    Wrong{"compare --plateau 0.1", "--plateau: '0.1' is not FACTOR,PATIENCE"},
    Wrong{"compare --plateau 0.1,2,tf", "--plateau: '0.1,2,tf' is not FACTOR,PATIENCE"},
    Wrong{"compare --schedule cosin", "unknown schedule 'cosin'; did you mean 'cosine'?"},
    Wrong{"compare --schedule ''", "a schedule has an empty part"},
    Wrong{"compare --schedule 'warmup 99ep, cosine'", "leaves no steps of a run"},
    Wrong{"compare --schedule 'cosine; momentum: linear'", "sgd: unknown knob 'momentum'"},
    Wrong{"train --schedule cosine --schedule linear", "--schedule: train wants one, found 2"},
    Wrong{"compare --regularize 'l3 1'", "regularize: unknown knob 'l3'"},
    Wrong{"compare --regularize 'l2 -1'", "regularize: l2 = -1 is outside its range"},
    Wrong{"compare --regularize 'l2'", "a value is missing"},
    Wrong{"compare --regularize 'l2=1e-4'", "regularize 'l2=1e-4': write it like l2 1e-4"},
    Wrong{"compare --augment 'crop: 4'", "augment 'crop: 4': write it like crop 4"},
    Wrong{"compare --schedule 'warmup=500, cosine'", "schedule 'warmup=500': write it like warmup 500"},
    Wrong{"compare --augment 'flip 0.5, flip 1'", "flip is given twice"},
    Wrong{"compare --augment 'crop 1.5'", "crop = 1.5 pixels; it must be a whole number"},
    Wrong{"compare --augment 'cutout big'", "'big' is not a number"},
    Wrong{"compare --normalize yes", "--normalize: 'yes' is not on or off"},
    Wrong{"compare --groups 'nrom bias: lr 0'", "unknown role 'nrom'; did you mean 'norm'?"},
    Wrong{"compare --groups 'bias: lr 0; bias: lr 1'", "the role bias is given twice"},
    Wrong{"compare --groups 'bias: lr'", "lr lacks its value"},
    Wrong{"compare --groups 'bias: weight_decay=0'",
          "'weight_decay=0': separate a setting from its value by a blank; "
          "write it like weight_decay 0"},
    Wrong{"compare --groups 'bias: lr:0.1x'", "write it like lr 0.1x"},
    Wrong{"compare --groups 'bias: momentum=0.5'", "write it like momentum 0.5"},
    Wrong{"compare --groups 'bias: adgrad'", "unknown optimizer 'adgrad'; did you mean 'adagrad'?"},
    Wrong{"compare --groups 'bias: beta2 0.9'", "groups 'bias: beta2 0.9': sgd: unknown knob 'beta2'"},
    Wrong{"compare --groups 'bias: lr -1x'", "lr = -0.01 is outside its range"},
    Wrong{"compare --groups 'embedding: adagrad'", "it has matrix, convolution, head and bias"},
    Wrong{"lr-find --groups 'embedding norm: adagrad'", "this network has no such parameters"},
    Wrong{"compare --optimizers asgd --regularize 'ema 0.9'", "asgd is already evaluated at its own mean"},
    Wrong{"compare --regularize 'ema 1'", "ema = 1 is outside its range"},
    Wrong{"train --groups none --groups none", "--groups: train wants one, found 2"},
    Wrong{"compare --micro-batch 0", "--micro-batch: '0' is not a whole number from 1"},
    Wrong{"compare --design gird", "unknown design 'gird'; did you mean 'grid'?"},
    Wrong{"compare --set beta2", "--set: 'beta2' is not OPTIMIZER.KNOB=VALUES"},
    Wrong{"compare --set adam.bta2=0.9", "unknown knob 'bta2'; did you mean 'beta2'?"},
    Wrong{"compare --set adam.beta2=1", "beta2 = 1 is outside its range; it must be in [0, 1)"},
    Wrong{"compare --set adam.beta2=", "--set adam.beta2: the list is empty"},
    Wrong{"compare --set adamw.beta2=0.9", "adamw is not among the optimizers"},
    Wrong{"compare --set rmsprop.dialect=kras", "rmsprop has no dialect 'kras'; did you mean 'keras'?"},
    Wrong{"compare --set rmsprop.dialect=mlx", "it is one of pytorch, keras, optax and tf1"},
    Wrong{"compare --set rmsprop.dialect=", "--set rmsprop.dialect: the list is empty"},
    Wrong{"compare --set sgd.dialect=keras", "sgd has no dialects but pytorch's"},
    Wrong{"compare --set adamw.dialect=keras", "adamw.dialect: adamw is not among the optimizers"},
    Wrong{"compare --set adam.dialect=keras --set adam.dialect=optax",
          "--set adam.dialect: it is given more"},
    Wrong{"compare --set rmsprop.dialect=optax --set rmsprop.weight_decay=0.1",
          "rmsprop_optax: unknown knob 'weight_decay'"},
    Wrong{"compare --optimizers adamw+cautious --set adamw+cautious.dialect=paper",
          "adamw_paper moves the weights itself; nothing can come after it"},
    Wrong{"train --set adam.dialect=pytorch,keras", "--set adam.dialect: train wants one value, found 2"},
    Wrong{"compare --seeds 10000 --lr 1,2,3,4,5,6,7,8", "ask for fewer"},
    Wrong{"compare --resume", "--resume: which study?"},
    Wrong{"doctor --worker nowhere", "--worker: nowhere is not an executable program"},
    Wrong{"doctor --data-dir ''", "--data-dir: the path is empty"},
    Wrong{"doctor all", "'all' is one argument too many for basin doctor"},
    Wrong{"export nowhere --weights w", "there is no study here"},
    Wrong{"compare --out ''", "--out: the path is empty"},
    Wrong{"compare --out file", "--out: file holds something else"},
    Wrong{"compare --out full", "--out: full holds something else"},
    Wrong{"compare --out file/new", "is not a folder"},
    Wrong{"compare --out /proc/new", "/proc/new"},
    Wrong{"compare --data-dir nowhere", "nowhere"},
    Wrong{"compare --data-dir damaged", "train-images-idx3-ubyte"},
    Wrong{"compare mine --worker nothing", "--worker: nothing is not an executable program"},
    Wrong{"compare mine --worker /bin/true", "does not answer like a worker"},
    Wrong{"train --lr 0.1,0.01", "--lr: train wants one value, found 2"},
    Wrong{"train --optimizer sgd,adam", "--optimizer: train wants one value, found 2"},
    Wrong{"lr-find --batch-size 32,64",
          "--batch-size: lr-find wants one value, found 2; compare takes lists"},
    Wrong{"train --seeds 2", "unknown option '--seeds'; did you mean '--seed'?"},
    Wrong{"list optimisers", "unknown list 'optimisers'; did you mean 'optimizers'?"},
    Wrong{"report", "DIR is missing"},
    Wrong{"report full", "full: there is no study here"},
    Wrong{"status nowhere", "nowhere: there is no study here"},
};

class BadInput : public InFolder, public testing::WithParamInterface<Wrong> {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    fs::create_directories(folder_ / "full");
    fs::create_directories(folder_ / "damaged");
    std::ofstream(folder_ / "full" / "letter.txt") << "dear";
    std::ofstream(folder_ / "file") << "text";
    for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                             "t10k-labels-idx1-ubyte"})
      std::ofstream(folder_ / "damaged" / name) << "no idx";
  }
  Answer run(const std::string& arguments) const { return shell("$BASIN " + arguments + " 2>&1"); }
};

TEST_P(BadInput, OneLineStatusTwoNothingWritten) {
  const auto before = files();
  const Answer answer = run(GetParam().arguments);
  EXPECT_EQ(answer.status, 2) << answer.text;
  EXPECT_EQ(std::ranges::count(answer.text, '\n'), 1) << answer.text;
  EXPECT_TRUE(answer.text.starts_with("basin: ")) << answer.text;
  EXPECT_NE(answer.text.find(GetParam().message), std::string::npos) << answer.text;
  EXPECT_EQ(files(), before);
  EXPECT_LT(answer.seconds, 5) << "50 ms are promised; shared machines and sanitizers get more";
}

INSTANTIATE_TEST_SUITE_P(Cli, BadInput, testing::ValuesIn(wrong_calls));

TEST_F(BadInput, HelpOfEachVerbShowsAnExample) {
  for (const char* verb : {"compare", "train", "report", "export", "status", "list", "data", "doctor"}) {
    const Answer answer = run(std::string(verb) + " --help");
    EXPECT_EQ(answer.status, 0);
    EXPECT_NE(answer.text.find(std::string("Example:\n  basin ") + verb), std::string::npos) << answer.text;
  }
  EXPECT_EQ(run("--version").text, "basin 0.1.0\n");
}

}  // namespace
}  // namespace basin::cli
