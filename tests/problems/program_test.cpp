// Programs as problems: their metrics, their patterns, their files.
#include "basin/problems/program.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "basin/problems/file.hpp"
#include "basin/problems/read_pattern.hpp"
#include "basin/records/json.hpp"
#include "tests/refusal.hpp"

namespace basin {
namespace {

using Found = std::multimap<std::string, std::string>;

Found found_in(const std::string& pattern, const std::string& line) {
  Found out;
  ReadPattern(pattern).search(
      line, [&](const std::string& name, std::string_view text) { out.emplace(name, std::string(text)); });
  return out;
}

TEST(Program, ANameSaysItsSplit) {
  const auto place = [](const char* reported, const char* ranking) { return place_of(reported, ranking); };
  EXPECT_EQ(place("val_loss", "val_loss"), (Reported{Split::validation, "loss"}));
  EXPECT_EQ(place("valid_loss", "score"), (Reported{Split::validation, "loss"}));
  EXPECT_EQ(place("train_loss", "val_loss"), (Reported{Split::train, "loss"}));
  EXPECT_EQ(place("test_acc", "val_loss"), (Reported{Split::test, "acc"}));
  EXPECT_EQ(place("loss", "val_loss"), (Reported{Split::train, "loss"})) << "as Keras has it";
  EXPECT_EQ(place("loss", "loss"), (Reported{Split::validation, "loss"}));
  EXPECT_EQ(place("other", "loss"), (Reported{Split::validation, "other"}));
  EXPECT_EQ(place("test_acc", "test_acc"), (Reported{Split::validation, "acc"}))
      << "what ranks is validation";
  EXPECT_EQ(place("val_", "x"), (Reported{Split::validation, "val_"}));
}

TEST(Program, TheMetricHasADirection) {
  EXPECT_FALSE(goal_of("val_loss min").larger_is_better);
  EXPECT_TRUE(goal_of(" acc  max ").larger_is_better);
  EXPECT_EQ(goal_of(" acc  max ").name, "acc");
  for (const char* wrong : {"", "val_loss", "min", "val_loss minimum", "val loss min", "min val_loss"})
    EXPECT_EQ(refusal([&] { goal_of(wrong); }),
              "metric = \"" + std::string(wrong) + "\"; it must be a name and min or max: val_loss min");
}

TEST(Program, RanksItsProblem) {
  const Problem problem =
      program_problem("mine", {.command = {"x"},
                               .metric = "val_auc max",
                               .read = {R"(auc (?<val_auc>\S+) loss (?<val_loss>\S+))", "(?<epoch>.)"}});
  EXPECT_EQ(metrics_of(problem), (Names{"auc", "loss"}));
  EXPECT_EQ(ranking_metric(problem).name, "auc");
  EXPECT_TRUE(ranking_metric(problem).larger_is_better);
  EXPECT_EQ(problem.metric, "auc");
  const std::string own = "no metric of basin";
  EXPECT_EQ(describe_metric(problem, own).title, own);
}

TEST(Program, APatternFindsNamedGroups) {
  EXPECT_EQ(found_in(R"(val loss: (?<val_loss>\S+))", "epoch 3 val loss: 0.21"),
            (Found{{"val_loss", "0.21"}}));
  EXPECT_EQ(found_in(R"((?P<a>\d+)/(x|y)(?:z)([(]?)(?<b>\d+))", "1/yz(2 3/xz4"),
            (Found{{"a", "1"}, {"a", "3"}, {"b", "2"}, {"b", "4"}}));
  EXPECT_EQ(found_in(R"(\(\?<(?<x>\d))", "(?<5"), (Found{{"x", "5"}}));
  EXPECT_EQ(found_in(R"((?<a>1)|(?<b>2))", "2"), (Found{{"b", "2"}}));
  EXPECT_EQ(found_in(R"(end (?<x>\d+))", std::string(5000, '.') + "end 1"), Found{}) << "beyond the limit";
  found_in(R"((?<x>a+)b)", std::string(1 << 20, 'a'));  // must not overflow the stack
}

TEST(Program, APatternThatIsNoneIsRefused) {
  const auto said = [](const char* text) { return refusal([&] { ReadPattern{text}; }); };
  EXPECT_EQ(said("loss: (\\S+)"),
            "the pattern 'loss: (\\S+)': it has no named group, as in val loss: (?<val_loss>\\S+)");
  EXPECT_EQ(said("(?<a>.)(?<a>.)"), "the pattern '(?<a>.)(?<a>.)': two groups have the name a");
  EXPECT_EQ(said("(?<=a)."), "the pattern '(?<=a).': a group's name must be a word, as in (?<val_loss>\\S+)");
  EXPECT_EQ(said("(?<a>.").substr(0, 45), "the pattern '(?<a>.' is no regular expression");
}

TEST(ProgramFile, IsReadAsItWasWritten) {
  const Problem problem =
      program_problem("mine", {.command = {"python3", "train.py", "--lr", "{lr}", "a \"b\" c\\"},
                               .metric = "val_loss min",
                               .read = {R"(val loss: (?<val_loss>\S+))"},
                               .time_limit = 60,
                               .grace = 2,
                               .folder = "/data/work"});
  const std::string text = problem_text(problem, "/data");
  EXPECT_EQ(nlohmann::json(parse_problem(text, "/data", "p.toml")), nlohmann::json(problem)) << text;
  EXPECT_NE(text.find("folder = \"work\""), std::string::npos) << text;
  EXPECT_EQ(text.find("loss = \"\""), std::string::npos) << text;
}

TEST(ProgramFile, SaysWhatIsWrong) {
  const auto said = [](const std::string& top, const std::string& table) {
    return refusal(
        [&] { parse_problem("name = \"mine\"\n" + top + "\n[program]\n" + table, "/data", "p.toml"); });
  };
  const std::string command = "command = [\"x\"]\n", metric = "metric = \"loss min\"\n";
  EXPECT_EQ(said("", command + metric), "none");
  EXPECT_EQ(said("network = \"linear 2\"", command + metric),
            "p.toml: line 2: network stands beside [program], which has its own");
  EXPECT_EQ(said("metric = \"loss\"", command),
            "p.toml: line 2: metric stands beside [program], which has its own; write it there");
  EXPECT_EQ(said("", metric), "p.toml: line 3: command is missing");
  EXPECT_EQ(said("", "command = []\n" + metric),
            "p.toml: line 3: the program has no command; it must be like [\"python3\", \"train.py\"]");
  EXPECT_EQ(said("", command + metric + "gracee = 1"),
            "p.toml: line 6: unknown key of [program] 'gracee'; did you mean 'grace'?");
  EXPECT_EQ(said("", command + metric + "grace = -1"), "p.toml: line 3: grace = -1; it must be 0 s or more");
  EXPECT_EQ(said("epochs = 0", command + metric), "p.toml: line 2: epochs = 0; it must be 1 or more");
  EXPECT_EQ(said("", "command = \"x y\"\n" + metric),
            "p.toml: line 3: command = \"x y\"; it must be a list: [\"python3\", \"train.py\"]");
}

}  // namespace
}  // namespace basin
