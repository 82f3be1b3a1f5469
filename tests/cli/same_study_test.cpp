// --resume continues only the study that was started: same data, problem and versions.
#include <algorithm>

#include "basin/study/sqlite.hpp"
#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

class SameStudy : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    samples::mnist_files(folder_ / "data", 40, 20);
    ASSERT_EQ(compare("").status, 0) << text_of("errors");
    begun_ = text_of("out/curves.csv");
    change("UPDATE basin_trials SET state = 'failed' WHERE number = 0");  // so that there is something to do
  }
  Answer compare(const std::string& options, const std::string& data = "data",
                 const std::string& worker = "$WORKER") const {
    return shell(
        "$BASIN compare fmnist-cnn --lr default --epochs 1 --optimizers sgd,adam --out out --data-dir " +
        data + " --worker " + worker + " " + options + " 2>errors");
  }
  void change(const char* sql) const {
    study::sqlite::Database((folder_ / "out/study.db").string()).script(sql);
  }
  void refuses(const std::string& data, const std::string& why) const {
    EXPECT_EQ(compare("--resume", data).status, 2);
    const std::string said = text_of("errors");
    EXPECT_NE(said.find(why), std::string::npos) << said;
    EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
    EXPECT_EQ(text_of("out/curves.csv"), begun_);
  }
  // Continues until the curves equal those of the first run; returns the output.
  std::string goes_on(const std::string& data = "data", const std::string& worker = "$WORKER") const {
    EXPECT_EQ(compare("--resume", data, worker).status, 0) << text_of("errors");
    EXPECT_EQ(text_of("out/curves.csv"), begun_);
    return text_of("errors");
  }
  std::string begun_;
};

TEST_F(SameStudy, OtherDataAreRefused) {
  shell("cp -r data shifted; cp -r data darker; cp -r data tested");
  const auto patch = [&](const char* file, std::streamoff at) {
    std::fstream bytes(folder_ / file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(at);
    bytes.put(5);
  };
  patch("shifted/train-labels-idx1-ubyte", 8);
  patch("darker/train-images-idx3-ubyte", 300);
  patch("tested/t10k-labels-idx1-ubyte", 8);
  refuses("shifted", "holds another study: its data differ: the crc32 of the training labels is ");
  refuses("darker", "the crc32 of the training images is ");
  refuses("tested", "the crc32 of the test labels is ");
  EXPECT_EQ(goes_on().find("basin: "), std::string::npos) << text_of("errors");
}

TEST_F(SameStudy, TheSameDataElsewhereAreTheSame) {
  shell("cp -r data compressed; gzip compressed/*");
  goes_on("compressed");
}

TEST_F(SameStudy, AnotherTextOfTheProblemIsRefused) {
  change("UPDATE basin_study SET problem = replace(problem, 'linear 128', 'linear 64')");
  refuses("data", "'layers' of the problem is \"conv 16 3x3 same, ");
}

TEST_F(SameStudy, AStudyThatKnowsLessOfItselfGoesOn) {
  change(
      "UPDATE basin_study SET settings = json_remove(settings, '$.checksums'), "
      "environment = json_remove(environment, '$.worker_crc32')");
  EXPECT_EQ(goes_on().find("basin: "), std::string::npos) << text_of("errors");
}

TEST_F(SameStudy, OtherVersionsAreToldOf) {
  shell("cp $WORKER other; echo >>other");
  std::string said = goes_on("data", "./other");
  EXPECT_NE(said.find("basin: the study was created with the worker program of crc32 "), std::string::npos)
      << said;
  change(
      "UPDATE basin_trials SET state = 'failed' WHERE number = 0; "
      "UPDATE basin_study SET environment = json_set(environment, '$.libtorch', '0.4')");
  said = goes_on();
  EXPECT_NE(
      said.find("basin: the study was created with libtorch 0.4; now it is none: the bits may differ\n"),
      std::string::npos)
      << said;
}

}  // namespace
}  // namespace basin::cli
