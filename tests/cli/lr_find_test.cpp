// lr-find from end to end, with a worker that trains nothing: the loss falls in the middle of the rates.
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/plot.hpp"
#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

class LrFind : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    samples::mnist_files(folder_ / "data", 40, 20);
  }
  Answer lr_find(const std::string& options) const {
    return shell("$BASIN lr-find fmnist-cnn --worker $WORKER --data-dir data " + options + " 2>&1");
  }
};

TEST_F(LrFind, DrawsTheCurveAndSuggestsARate) {
  const Answer answer = lr_find("--optimizer sgd --from 1e-4 --to 1 --steps 80");
  EXPECT_EQ(answer.status, 0) << answer.text;
  EXPECT_NE(answer.text.find("suggested rate for sgd: 0.0"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("1.0e-04"), std::string::npos) << answer.text;
  EXPECT_EQ(files(), 5) << "the data alone: nothing is left behind";
}

TEST_F(LrFind, JsonHasTheCurve) {
  const Answer answer = lr_find("--from 1e-4 --to 1 --steps 80 --json");
  ASSERT_EQ(answer.status, 0) << answer.text;
  const auto document = nlohmann::json::parse(answer.text);
  EXPECT_EQ(document["format"], "basin-lr-find");
  EXPECT_EQ(document["rates"].size(), 80u);
  EXPECT_EQ(document["losses"].size(), 80u);
  EXPECT_EQ(document["smooth"].size(), 80u);
  EXPECT_NEAR(std::log10(document["suggestion"].get<double>()), -2, 0.1);  // two rates
  EXPECT_EQ(document["config"]["optimizer"], "adam");
}

TEST_F(LrFind, SaysWhatIsWrong) {
  EXPECT_EQ(lr_find("--from 1 --to 0.1").status, 2);
  EXPECT_EQ(lr_find("--steps 9").status, 2);
  EXPECT_EQ(lr_find("--batch-size full").status, 2);
  EXPECT_EQ(lr_find("--optimizer sgd,adam").status, 2);
  const auto says = [&](const std::string& options, const std::string& text) {
    const Answer answer = lr_find(options);
    EXPECT_EQ(answer.status, 2) << options;
    EXPECT_NE(answer.text.find(text), std::string::npos) << answer.text;
  };
  says("--init zeros", "basin: the loss is not finite before the first step, at any rate");
  says("--train-size 35", "basin: --train-size: 35 is more than the 34 examples");
  says("--batch-size 35", "basin: --batch-size: 35 is more than the 34 examples");
}

TEST(Plot, PutsPointsWhereTheyBelong) {
  const double x[] = {1, 10, 100}, y[] = {3, 1, std::nan("")}, z[] = {3, 2, 1};
  const PlotPoints points[] = {{x, y, '.'}, {x, z, 'o'}};
  EXPECT_EQ(plot(points, 1, 3, 10, 21, 3),
            "        3 o         |\n"
            "        2           o\n"
            "        1           .         o\n"
            "          1.0e+00       1.0e+02\n");
}

}  // namespace
}  // namespace basin::cli
