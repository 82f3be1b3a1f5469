// Dialects of optimizers, as the command lists them and as a study records them.
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

using Json = nlohmann::json;

class DialectsOnTheCommandLine : public InFolder {
 protected:
  Json listed(const std::string& kind) const {
    return Json::parse(shell("$BASIN list " + kind + " --json").text).at(kind);
  }
  double first_step(const std::string& name, const char* gradient) const {
    for (const Json& dialect : listed("dialects"))
      if (dialect.at("name") == name) return dialect.at("first_step").at(gradient);
    ADD_FAILURE() << name << " is not listed";
    return 0;
  }
};

TEST_F(DialectsOnTheCommandLine, AreAListOfTheirOwn) {
  EXPECT_EQ(shell("$BASIN list optimizers").text.find("rmsprop_keras"), std::string::npos);
  const Answer answer = shell("$BASIN list dialects");
  EXPECT_EQ(answer.status, 0);
  EXPECT_NE(answer.text.find("keras and optax"), std::string::npos) << answer.text;
  bool known = false;
  for (const Json& rule : listed("optimizers")) {
    if (rule.at("name") != "adagrad_keras") continue;
    known = true;
    EXPECT_EQ(rule.at("dialect_of"), "adagrad");
    EXPECT_EQ(rule.at("dialects"), (Json{"keras", "optax"}));
  }
  EXPECT_TRUE(known);
}

// By hand: v = 0.01 g^2 and eps outside the root, v = 0.1 g^2 and eps inside.
TEST_F(DialectsOnTheCommandLine, TellTheSizeOfTheirFirstStep) {
  EXPECT_NEAR(first_step("rmsprop", "0.0001"), 1e-4 / (1e-5 + 1e-8), 1e-9);
  EXPECT_NEAR(first_step("rmsprop_keras", "0.0001"), 1e-4 / std::sqrt(1e-9 + 1e-7), 1e-9);
  EXPECT_NEAR(first_step("rmsprop_tf1", "1"), 1 / std::sqrt(1 + 1e-10), 1e-9);
  EXPECT_NEAR(first_step("adamw", "1"), 1 / (1 + 1e-8) + 0.01, 1e-9);
  EXPECT_NEAR(first_step("adamw_keras", "1"), 1 / (1 + 1e-7 / std::sqrt(0.001)) + 0.004, 1e-9);
}

TEST_F(DialectsOnTheCommandLine, AreRecordedByTheNameOfTheirRule) {
  samples::mnist_files(folder_ / "data", 40, 20);
  const Answer answer = shell(
      "$BASIN compare fmnist-cnn --lr default --worker $WORKER --data-dir data --optimizers adam --set "
      "adam.dialect=pytorch,keras --set adam.eps=1e-5 --epochs 1 --out out 2>errors");
  ASSERT_EQ(answer.status, 0) << answer.text << text_of("errors");
  EXPECT_NE(answer.text.find("adam_keras"), std::string::npos) << answer.text;
  const Json document = Json::parse(text_of("out/results.json"));
  ASSERT_EQ(document["trials"].size(), 2u);
  EXPECT_EQ(document["trials"][0]["optimizer"], "adam");
  EXPECT_EQ(document["trials"][1]["optimizer"], "adam_keras");
  EXPECT_EQ(
      shell("$BASIN compare fmnist-cnn --lr default --worker $WORKER --data-dir data --optimizers adam --set "
            "adam.dialect=pytorch,keras --set adam.eps=1e-5 --epochs 1 --out out --resume 2>errors")
          .status,
      0);
}

}  // namespace
}  // namespace basin::cli
