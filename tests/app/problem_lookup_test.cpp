// Problems by name, by file and by data: what is found, and how many examples each part has.
#include "basin/app/problem_lookup.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "basin/app/plan.hpp"
#include "basin/app/same_study.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace basin::app {
namespace {

class ProblemLookup : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::string table(int rows = 50) const {
    std::string text = "x,y,c\n";
    for (int i = 0; i < rows; ++i)
      text += std::to_string(i) + "," + std::to_string(2 * i) + "," + (i % 2 ? "odd\n" : "even\n");
    return text;
  }
  static FoundProblem find(const std::string& name, const data::Names& predict = {}) {
    return find_problem(name, predict, {}, {});
  }
  samples::Folder folder_;
};

TEST_F(ProblemLookup, ATableIsAProblemWithItsCounts) {
  const FoundProblem found = find(file("t.csv", table()), {"y"});
  EXPECT_EQ(found.info.problem.name, "t");
  EXPECT_EQ(found.info.train_count, 36);
  EXPECT_EQ(found.info.validation_count, 4);
  EXPECT_EQ(found.info.test_count, 10);
  EXPECT_EQ(found.info.parameters, 3 * 32 + 32 + 32 * 32 + 32 + 32 + 1) << "x, and c one-hot";
  EXPECT_NE(found.data, nullptr);
  EXPECT_EQ(found.info.checksums.size(), 4u);
}

TEST_F(ProblemLookup, AFileOfAProblemNamesADataSetOrItsOwnData) {
  const FoundProblem images = find(
      file("mine.toml", "name = \"mine\"\nnetwork = \"flatten, linear 10\"\ndata = \"fashion-mnist\"\n"));
  EXPECT_EQ(images.info.problem.name, "mine");
  EXPECT_EQ(images.info.parameters, 7850);
  EXPECT_EQ(images.data, nullptr) << "a known set is read later";
  EXPECT_EQ(refusal([&] {
              find(file("mine.toml", "name = \"mine\"\nnetwork = \"relu\"\ndata = \"fashion-mnst\"\n"));
            }),
            "unknown data set 'fashion-mnst'; did you mean 'fashion-mnist'?");
  file("t.csv", table());
  const std::string own = file("own.toml",
                               "name = \"own\"\nnetwork = \"linear outputs\"\n[data]\nkind = \"table\"\nfile "
                               "= \"t.csv\"\npredict = \"c\"\nleave_out = \"y\"\nvalidation = 0.25\n");
  EXPECT_EQ(find(own).info.parameters, 4) << "the file is beside that of the problem";
  EXPECT_EQ(find(own).info.validation_count, 10);
}

TEST_F(ProblemLookup, RefusesTooFewExamplesAndUnknownNames) {
  const std::string said = refusal([&] { find(file("t.csv", table(4)), {"y"}); });
  EXPECT_NE(said.find("t.csv: "), std::string::npos) << said;
  EXPECT_NE(said.find("leaves 3 to train on and 0 to validate with"), std::string::npos) << said;
  for (const char* path : {"missing.csv", "data/missing"})
    EXPECT_EQ(refusal([&] { find(path); }),
              std::string(path) +
                  ": there is no such file or folder (basin list problems shows the built-in problems)");
  EXPECT_EQ(
      refusal([] { find("fmnist-cn"); }).find("unknown problem 'fmnist-cn'; did you mean 'fmnist-cnn'?"), 0u);
}

TEST_F(ProblemLookup, AStudyGoesOnOnlyWithTheSameProblem) {
  const auto planned = [&](const std::string& change, const std::string& name = "t.csv") {
    Request request{.problem = file("p.toml",
                                    "name = \"p\"\nnetwork = \"linear outputs\"\nloss = \"mse\"\nmetric "
                                    "= \"rmse\"\n" +
                                        change + "[data]\nkind = \"table\"\nfile = \"" + name +
                                        "\"\npredict = \"y\"\ntargets = \"values\"\n" +
                                        (change.empty() ? "" : "test = 0.2\n"))};
    request.arms.optimizers = {"sgd"};
    return make_plan(request);
  };
  file("t.csv", table()), file("copy.csv", table());
  const Plan plan = planned("");
  study::Study stored{.settings = plan.settings, .trials = plan.trials};
  stored.problem = nlohmann::json(plan.problem).dump();
  EXPECT_EQ(difference(stored, plan), std::nullopt);
  EXPECT_EQ(difference(stored, planned("", "copy.csv")), std::nullopt) << "the same data elsewhere";
  EXPECT_EQ(difference(stored, planned("metrics = [\"r2\"]\n")),
            "'metrics' of the problem is [] there and [\"r2\"] here");
  file("copy.csv", table(51));
  EXPECT_NE(difference(stored, planned("", "copy.csv")), std::nullopt);

  Plan other = plan;
  other.problem.problem.source->window = 3;
  EXPECT_NE(difference(stored, other).value_or("").find("the data of the problem is "), std::string::npos);
  other = plan;
  other.problem.problem.predicts = "inputs";
  EXPECT_EQ(difference(stored, other), "'predicts' of the problem differs");
}

}  // namespace
}  // namespace basin::app
