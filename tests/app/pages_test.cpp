// A study through the library, as docs/development.md shows it.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "basin/app/run.hpp"
#include "tests/data/samples.hpp"
#include "tests/paths.hpp"

namespace {

struct Print : basin::app::Observer {
  void on_finish(int number, const basin::study::Result& result) override {
    const double accuracy = basin::value_of(result.validation, "accuracy");
    std::printf("trial %d: accuracy %.4f after %.0f s\n", number, accuracy, result.seconds);
  }
};

TEST(AppPages, ShowAStudyThroughTheLibrary) {
  basin::app::Request request{.problem = "fmnist-cnn", .out = "study"};
  request.arms.optimizers = {"sgd", "adam"};
  request.arms.lr = {0.1, 0.01, 0.001};
  request.settings.epochs = 3;

  const samples::Folder folder;
  samples::mnist_files(folder / "data", 40, 20);
  request.out = folder / "study", request.data_dir = folder / "data",
  request.worker = basin::paths::fake_worker;

  Print observer;
  std::stop_source stop;
  const basin::app::Finished done = basin::app::run(request, observer, stop.get_token());
  EXPECT_EQ(done.trials.size(), 6u);
}

std::string text_of(const char* file) {
  std::ostringstream text;
  text << std::ifstream(std::string(basin::paths::source) + "/" + file).rdbuf();
  return text.str();
}

// So what it shows compiles.
TEST(AppPages, ShowLinesOfThisFile) {
  const std::string page = text_of("docs/development.md"), here = text_of("tests/app/pages_test.cpp");
  const std::size_t begin = page.find("```cpp\n") + 7;
  std::istringstream block(page.substr(begin, page.find("```", begin) - begin));
  int lines = 0;
  for (std::string line; std::getline(block, line); ++lines) {
    const std::size_t first = line.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    EXPECT_NE(here.find(line.substr(first) + "\n"), std::string::npos) << "not compiled: " << line;
  }
  EXPECT_GE(lines, 15);
}

}  // namespace
