// A study that basin 0.1.0 left, with a store of version 1: the verbs that read studies read it.
#include <nlohmann/json.hpp>

#include "basin/study/sqlite.hpp"
#include "tests/cli/command.hpp"

namespace basin::cli {
namespace {

class OldStudy : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    std::filesystem::create_directories(folder_ / "out");
    std::ostringstream sql;
    sql << std::ifstream(std::string(paths::source) + "/tests/study/store_v1.sql").rdbuf();
    study::sqlite::Database((folder_ / "out/study.db").string()).script(sql.str().c_str());
  }
};

TEST_F(OldStudy, HasAReport) {
  const Answer answer = shell("$BASIN report out 2>&1");
  ASSERT_EQ(answer.status, 0) << answer.text;
  EXPECT_TRUE(exists("out/report.html"));
  const auto document = nlohmann::json::parse(text_of("out/results.json"));
  EXPECT_EQ(document["version"], 2);
  EXPECT_EQ(document["study"]["problem"]["metric"], "accuracy");
  EXPECT_EQ(document["trials"][0]["validation_accuracy"], 0.75);
  EXPECT_EQ(document["trials"][0]["curve"]["validation_loss"][0], 0.75);
  EXPECT_NE(text_of("out/curves.csv").find("validation_accuracy"), std::string::npos);
}

TEST_F(OldStudy, HasAStatusAndAnExport) {
  const Answer status = shell("$BASIN status out 2>&1");
  ASSERT_EQ(status.status, 0) << status.text;
  EXPECT_NE(status.text.find("1 complete, 1 diverged, 1 failed"), std::string::npos) << status.text;
  EXPECT_NE(status.text.find("75.0"), std::string::npos)
      << "the accuracy of its first trial: " << status.text;
  const Answer written = shell("$BASIN export out --tensorboard logs 2>&1");
  EXPECT_EQ(written.status, 0) << written.text;
  EXPECT_TRUE(exists("logs/trial-0-sgd"));
}

}  // namespace
}  // namespace basin::cli
