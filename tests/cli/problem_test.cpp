// `basin problem`, through the command: what it writes, and that it refuses what compare refuses.
#include <algorithm>

#include "tests/cli/command.hpp"
#include "tests/data/samples.hpp"

namespace basin::cli {
namespace {

class ProblemOfData : public InFolder {
 protected:
  void write(const std::string& name, const std::string& text) const {
    samples::write(folder_ / name, {text.begin(), text.end()});
  }
  std::string table(int rows = 40) const {
    std::string text = "size,colour,price\n";
    for (int i = 0; i < rows; ++i)
      text += std::to_string(i % 7) + (i % 3 ? ",red," : ",green,") + std::to_string(i) + "\n";
    return text;
  }
};

TEST_F(ProblemOfData, WritesAFileThatComparesAsTheDataDo) {
  write("houses.csv", table());
  const Answer written = shell("$BASIN problem houses.csv --predict price 2>&1");
  ASSERT_EQ(written.status, 0) << written.text;
  EXPECT_NE(written.text.find("basin compare houses.toml"), std::string::npos) << written.text;
  const std::string file = text_of("houses.toml");
  EXPECT_NE(file.find("# 40 rows: 2 numeric columns, 1 with 2 categories"), std::string::npos) << file;
  EXPECT_NE(file.find("file = \"houses.csv\""), std::string::npos) << "relative to its folder: " << file;
  const Answer from_file = shell("$BASIN compare houses.toml --dry-run 2>/dev/null");
  const Answer from_data = shell("$BASIN compare houses.csv --predict price --dry-run 2>/dev/null");
  EXPECT_EQ(from_file.status, 0) << from_file.text;
  EXPECT_EQ(from_file.text, from_data.text);
  const Answer again = shell("$BASIN problem houses.csv --predict price 2>&1");
  EXPECT_EQ(again.status, 2);
  EXPECT_EQ(again.text, "basin: houses.toml is there already; name another file with --out\n");
}

TEST_F(ProblemOfData, SaysWhatWasChosenAndHowToChooseOtherwise) {
  write("my houses.csv", table());
  const Answer chosen = shell("$BASIN compare 'my houses.csv' --predict price --dry-run 2>&1 >/dev/null");
  EXPECT_EQ(chosen.text,
            "40 rows: 2 numeric columns, 1 with 2 categories\n"
            "network linear 32, relu, linear 32, relu, linear outputs\n"
            "loss mse, ranked by rmse, 100 epochs, batches of 64\n"
            "to choose yourself: basin problem 'my houses.csv' --predict price\n\n");
  EXPECT_EQ(shell("$BASIN compare spirals --dry-run 2>&1 >/dev/null").text, "") << "it was not chosen";
}

TEST_F(ProblemOfData, PredictsColumnsWithCommasInQuotes) {
  std::string table = "\"a,b\",c,\"say \"\"d\"\"\"\n";
  for (int i = 0; i < 40; ++i)
    table += std::to_string(i % 7) + "," + std::to_string(i) + "," + std::to_string(i % 5) + "\n";
  write("odd.csv", table);
  const Answer chosen = shell("$BASIN compare odd.csv --predict '\"a,b\",\"say \"\"d\"\"\"' --dry-run 2>&1");
  EXPECT_EQ(chosen.status, 0) << chosen.text;
  EXPECT_NE(chosen.text.find("basin problem odd.csv --predict '\"a,b\",\"say \"\"d\"\"\"'\n"),
            std::string::npos)
      << "the same call again: " << chosen.text;
  const Answer written = shell("$BASIN problem odd.csv --predict '\"a,b\"' 2>&1");
  EXPECT_EQ(written.status, 0) << written.text;
  EXPECT_NE(text_of("odd.toml").find("predict = [\"a,b\"]"), std::string::npos) << text_of("odd.toml");
  for (const auto& [predict, message] : {std::pair{"c,", "an empty name among 'c,'"},
                                         {"\"a,b", "a closing quote"},
                                         {"a,b", "unknown column 'a'"}}) {
    const Answer wrong = shell(std::string("$BASIN compare odd.csv --predict '") + predict + "' 2>&1");
    EXPECT_EQ(wrong.status, 2);
    EXPECT_NE(wrong.text.find(message), std::string::npos) << wrong.text;
  }
}

TEST_F(ProblemOfData, RefusesDataThatNobodyCanTrainOnAsCompareDoes) {
  write("constant.csv", "a,b\n1,2\n2,2\n3,2\n4,2\n");
  write("missing.csv", "a,b\n1,\n2,\n3,\n4,\n");
  write("gap.csv", table() + "3,red,\n");
  write("one.csv", "a,b\n1,2\n");
  write("few.csv", "a,b\n1,2\n2,3\n4,5\n5,6\n");
  write("rare.csv", "a,c\n1,x\n2,x\n3,y\n4,x\n5,x\n6,x\n");
  write("alone.csv", "b\n1\n2\n3\n4\n");
  write("short.txt", "too short for a window");
  write("short-series.csv", "day,value\nmon,1\ntue,2\nwed,3\nthu,4\n");
  write("one-label.libsvm", "1 1:2\n1 2:3\n1 1:1 2:2\n");
  for (const char* name : {"a/1", "a/2", "b/1", "b/2"})
    std::filesystem::create_directories((folder_ / "photos" / name).parent_path()),
        std::filesystem::copy(std::string(paths::source) + "/tests/data/files/colour.png",
                              folder_ / "photos" / (std::string(name) + ".png"));
  std::filesystem::resize_file(folder_ / "photos/b/2.png",
                               std::filesystem::file_size(folder_ / "photos/b/2.png") - 30);
  for (const auto& [call, message] :
       {std::pair{"constant.csv --predict b", "b is the same in every row; there is nothing to predict"},
        {"missing.csv --predict b", "b has no value in any row; predict another column"},
        {"gap.csv --predict price", "has no price, which is to be predicted"},
        {"one.csv --predict b", "it has one row; there must be more to train on"},
        {"few.csv --predict b", "leaves 3 to train on and 0 to validate with"},
        {"rare.csv --predict c", "the class 'y' of c has one record"},
        {"alone.csv --predict b", "there is no column to predict b from"},
        {"short.txt", "but an example takes 9; choose a shorter window, or more data"},
        {"short-series.csv", "but an example takes 5"},
        {"one-label.libsvm", "every row has the label 1; there is nothing to predict"},
        {"photos", "photos/b/2.png"}}) {
    const auto before = files();
    const Answer problem = shell(std::string("$BASIN problem ") + call + " 2>&1");
    const Answer compare = shell(std::string("$BASIN compare ") + call + " 2>&1");
    EXPECT_EQ(problem.status, 2) << call;
    EXPECT_NE(problem.text.find(message), std::string::npos) << call << ": " << problem.text;
    EXPECT_EQ(std::ranges::count(problem.text, '\n'), 1) << problem.text;
    EXPECT_EQ(compare.status, 2) << call;
    EXPECT_EQ(compare.text, problem.text);
    EXPECT_EQ(files(), before) << call << " wrote something";
  }
}

}  // namespace
}  // namespace basin::cli
