// Problems as files: what is written is read again, and the message of every refusal.
#include "basin/problems/file.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "basin/problems/check.hpp"
#include "basin/problems/problems.hpp"
#include "basin/records/json.hpp"
#include "tests/refusal.hpp"

namespace basin {
namespace {

using Json = nlohmann::json;

// Expects that the file of a problem in a folder gives the same problem.
void expect_round_trip(const Problem& problem, const std::string& seen = {}) {
  const std::string text = problem_text(problem, "/data", seen);
  EXPECT_EQ(Json(parse_problem(text, "/data", "p.toml")), Json(problem)) << text;
}

Problem table() {
  Problem p{.name = "housing", .layers = "linear outputs", .loss = "mse", .metric = "rmse"};
  p.source =
      data::Source{.kind = "table", .file = "/data/housing.csv", .predict = {"value"}, .targets = "values"};
  return p;
}

TEST(ProblemFile, EveryBuiltInProblemIsReadAsItWasWritten) {
  for (Problem problem : problems()) {
    check(problem);
    if (problem.source) problem.data.clear();  // its source is resolved before it is written
    if (problem.source && problem.source->kind != "made") {
      problem.source->file = "/data/" + problem.source->file;
      if (!problem.source->test_file.empty())
        problem.source->test_file = "/elsewhere/" + problem.source->test_file;
    }
    expect_round_trip(problem);
  }
}

TEST(ProblemFile, NamesAndPathsMayHoldAnything) {
  Problem odd = table();
  odd.name = "größe \"x\" \\ y";
  odd.summary = "# no comment = [1]";
  odd.source->file = "/data/C:\\temp/Häuser \"neu\".csv";
  odd.source->test_file = "/other/tab\t, newline\n, bell\a and delete\x7f.csv";
  odd.source->predict = {"a,b", "", "ä\"", "\\u0041", "line\r\nend"};
  odd.source->leave_out = {"'", "=="};
  expect_round_trip(odd, "a line\nthe column x\ry has \x01\n");
}

TEST(ProblemFile, PathsBelowTheFolderAreRelative) {
  Problem p = table();
  p.source->test_file = "/database/test.csv";
  const std::string text = problem_text(p, "/data");
  EXPECT_NE(text.find("file = \"housing.csv\""), std::string::npos) << text;
  EXPECT_NE(text.find("test_file = \"/database/test.csv\""), std::string::npos) << text;
  EXPECT_EQ(parse_problem(text, "/copy", "p.toml").source->file, "/copy/housing.csv");
}

TEST(ProblemFile, OneTextStandsForAListOfOne) {
  const Problem p = parse_problem(R"(
name = "p"
network = "linear outputs"
loss = "mse"
metric = "rmse"
metrics = "r2"
target = 3
[data]
kind = "table"
file = "t.csv"
predict = "y"
leave_out = "z"
targets = "values"
)",
                                  "/f", "p.toml");
  EXPECT_EQ(p.metrics, Names{"r2"});
  EXPECT_EQ(p.source->predict, Names{"y"});
  EXPECT_EQ(p.source->leave_out, Names{"z"});
  EXPECT_EQ(p.source->file, "/f/t.csv");
  EXPECT_EQ(p.target, 3) << "a whole number is a number";
}

// --- refusals

// Returns what is said of a right file in which one line is another.
std::string refused(const std::string& line, const std::string& instead) {
  std::string text = problem_text(table(), "/data");
  const auto at = text.find("\n" + line) + 1;
  EXPECT_NE(at, 0u) << line;
  text.replace(at, text.find('\n', at) - at, instead);
  return refusal([&] { parse_problem(text, "/data", "p.toml"); });
}

TEST(ProblemFile, RefusesWhatIsNoProblem) {
  EXPECT_EQ(refused("epochs", "epoch = 3"), "p.toml: line 6: unknown key 'epoch'; did you mean 'epochs'?");
  EXPECT_EQ(refused("validation", "validaton = 0.1"),
            "p.toml: line 16: unknown key of [data] 'validaton'; did you mean 'validation'?");
  EXPECT_EQ(refused("loss", "layers = \"linear 1\"").find("p.toml: line 3: unknown key 'layers'"), 0u);
  EXPECT_EQ(refused("epochs", "epochs = 1.5"), "p.toml: line 6: epochs must be a whole number, found 1.5");
  EXPECT_EQ(refused("epochs", "epochs = \"3\""),
            "p.toml: line 6: epochs must be a whole number, found \"3\"");
  EXPECT_EQ(refused("network", "network = 3"), "p.toml: line 2: network must be a text, found 3");
  EXPECT_EQ(refused("predict", "predict = [1]"), "p.toml: line 12: predict must be a text, found 1");
  EXPECT_EQ(refused("epochs", "epochs = true"), "p.toml: line 6: epochs must be a whole number, found true");
  EXPECT_EQ(refused("kind", ""), "p.toml: line 9: kind is missing");
  EXPECT_EQ(refused("network", "network = {}"), "p.toml: it has no network");
  EXPECT_EQ(refusal([] { parse_problem("network = \"relu\"\ndata = \"mnist\"\n", "/", "p.toml"); }),
            "p.toml: line 1: name is missing");
  EXPECT_EQ(refused("network", "network = []"), "p.toml: line 2: network must be a text, found a list");
  EXPECT_EQ(refused("predict", "predict = {a = 1}"),
            "p.toml: line 12: predict must be a text or a list of texts, found a table");
  EXPECT_EQ(refused("epochs", "epochs = 99999999999"),
            "p.toml: line 6: epochs must be a whole number, found 99999999999");
  EXPECT_EQ(refused("network", ""), "p.toml: it has no network");
  EXPECT_EQ(refusal([] { parse_problem("name = \"p\"\nnetwork = \"relu\"\n", "/", "p.toml"); }),
            "p.toml: it has no data");
}

TEST(ProblemFile, SaysWhereItIsNotToml) {
  const std::string said = refused("epochs", "epochs = ");
  EXPECT_TRUE(said.starts_with("p.toml: line 6, column ")) << said;
  EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  EXPECT_TRUE(refused("epochs", "name = \"twice\"").starts_with("p.toml: line 6, column "));
}

TEST(ProblemFile, RefusesValuesOutsideTheirRange) {
  EXPECT_EQ(refused("epochs", "epochs = 0"), "p.toml: line 6: epochs = 0; it must be 1 or more");
  EXPECT_EQ(refused("batch_size", "batch_size = 0"), "p.toml: line 7: batch_size = 0; it must be 1 or more");
  EXPECT_EQ(refused("validation", "validation = 1.0"),
            "p.toml: line 16: validation = 1; it must be a share between 0 and 1");
  EXPECT_EQ(refused("test", "test = -0.1"),
            "p.toml: line 15: test = -0.1; it must be a share between 0 and 1");
  EXPECT_EQ(refused("validation", "validation = 0"),
            "p.toml: line 16: validation = 0; it must be a share between 0 and 1");
  EXPECT_EQ(refused("test", "test = 0"), "p.toml: line 15: test = 0; it must be a share between 0 and 1");
  EXPECT_EQ(refused("test", "test = 0\ntest_file = \"t.csv\""), "none") << "which is the test";
  EXPECT_EQ(refused("test", "window = 0"), "p.toml: line 15: window = 0; it must be 1 or more");
  EXPECT_EQ(refused("categories", "categories = \"onehot\""),
            "p.toml: line 14: unknown categories 'onehot'; did you mean 'one-hot'?");
  EXPECT_EQ(refused("targets", "targets = \"class\""),
            "p.toml: line 13: unknown targets 'class'; did you mean 'classes'?");
  EXPECT_EQ(refused("target", "target = nan").find("p.toml: line 5: target = nan"), 0u);
  EXPECT_EQ(refused("epochs", "images_per_second = 0"),
            "p.toml: line 6: images_per_second = 0; it must be more than 0");
  EXPECT_EQ(refused("epochs", "predicts = \"inputs\""),
            "p.toml: line 6: predicts = \"inputs\"; it must be target for data of the kind table");
}

TEST(ProblemFile, ANameIsThatOfAFolder) {
  for (const char* name : {"", "..", "a/b"}) {
    Problem p = table();
    p.name = name;
    EXPECT_EQ(refusal([&] { check(p); }), "name = \"" + p.name + "\"; it must be a word without /");
  }
}

// --- what judges

TEST(ProblemFile, RefusesAnUnknownJudge) {
  EXPECT_EQ(refused("metric", "metric = \"rsme\""),
            "p.toml: line 4: unknown metric 'rsme'; did you mean 'rmse'?");
  EXPECT_EQ(refused("epochs", "metrics = [\"maee\"]"),
            "p.toml: line 6: unknown metric 'maee'; did you mean 'mae'?");
  EXPECT_EQ(refused("loss", "loss = \"hubert\""),
            "p.toml: line 3: unknown loss 'hubert'; did you mean 'huber'?");
  EXPECT_EQ(refused("metric", "metric = \"loss\""), "none");
}

TEST(ProblemFile, RefusesAJudgeOfOtherTargets) {
  EXPECT_EQ(refused("metric", "metric = \"accuracy\""),
            "p.toml: line 4: metric accuracy judges classes, but the targets are values; take one of mse, "
            "rmse, mae and "
            "r2");
  EXPECT_EQ(refused("epochs", "metrics = [\"f1\"]"),
            "p.toml: line 6: metric f1 judges classes, but the targets are values; take one of mse, rmse, "
            "mae and r2");
  EXPECT_EQ(refused("loss", "loss = \"cross_entropy\"")
                .find("p.toml: line 3: loss cross_entropy judges classes, but "
                      "the targets are values; take one of "),
            0u);
  EXPECT_EQ(refused("loss", "loss = \"binary_cross_entropy\""), "none") << "of values between 0 and 1";
  EXPECT_EQ(
      refused("loss", "loss = \"binary_cross_entropy balanced\""),
      "p.toml: line 3: loss binary_cross_entropy balanced: it weighs classes, but the targets are values");

  const auto judged = [](const std::string& kind, const std::string& loss, const std::string& metric) {
    Problem p{.name = "p", .layers = "linear outputs", .loss = loss, .metric = metric};
    p.source = data::Source{.kind = kind, .file = "f"};
    return refusal([&] { check(p); });
  };
  EXPECT_EQ(
      judged("table", "huber", "accuracy").find("loss huber judges values, but the targets are classes"), 0u);
  EXPECT_EQ(judged("table", "mse", "accuracy"), "none") << "squared errors of classes";
  EXPECT_EQ(judged("table", "hinge", "rmse").find("metric rmse judges values, but the targets are classes"),
            0u);
  EXPECT_EQ(judged("series", "mse", "rmse"), "none") << "whatever its targets are called";
  EXPECT_EQ(judged("series", "cross_entropy", "rmse").find("loss cross_entropy judges classes"), 0u);
  EXPECT_EQ(judged("text", "cross_entropy", "perplexity"), "none");
  EXPECT_EQ(judged("text", "mae", "perplexity").find("loss mae judges values"), 0u);
  EXPECT_EQ(judged("pictures", "cross_entropy", "mse").find("metric mse judges values"), 0u);

  Problem autoencoder{.name = "p", .data = "mnist", .layers = "linear outputs"};
  autoencoder.predicts = "inputs";
  EXPECT_EQ(refusal([&] { check(autoencoder); }).find("loss cross_entropy judges classes"), 0u);
  autoencoder.loss = "mse", autoencoder.metric = "mse";
  EXPECT_EQ(refusal([&] { check(autoencoder); }), "none");
}

}  // namespace
}  // namespace basin
