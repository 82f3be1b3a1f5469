// `basin data`: where the files of known sets and of built-in problems are, and what to do about others.
#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

class DataPlaces : public InFolder {
 protected:
  // Returns the line of the table that begins with a name.
  static std::string line_of(const std::string& name, const std::string& text) {
    const std::size_t at = text.find("\n" + name + " ");
    return at == text.npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
  }
};

TEST_F(DataPlaces, ListsTheFilesOfBuiltInProblems) {
  samples::write(folder_ / "data/a9a", {'1'}), samples::write(folder_ / "data/a9a.t", {'1'});
  const Answer answer = shell("$BASIN data --data-dir data 2>&1");
  EXPECT_EQ(answer.status, 0) << answer.text;
  const std::string there = line_of("a9a", answer.text), lacking = line_of("california-housing", answer.text);
  EXPECT_NE(there.find(" data "), std::string::npos) << answer.text;
  EXPECT_NE(there.find("a9a, a9a.t: for a9a-logistic"), std::string::npos) << there;
  EXPECT_NE(lacking.find("not found"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("\ncalifornia-housing: found no housing.csv in data"), std::string::npos)
      << answer.text;
  EXPECT_NE(line_of("fashion-mnist", answer.text), "") << answer.text;
}

}  // namespace
}  // namespace basin::cli
