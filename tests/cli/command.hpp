// Runs the real command in its own folder, and captures its output.
#pragma once
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "tests/paths.hpp"

namespace basin::cli {

struct Answer {
  int status = -1;
  std::string text;
  double seconds = 0;
};

class InFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->test_suite_name()) + test->name() + std::to_string(::getpid());
    for (char& c : name) c = c == '/' ? '-' : c;
    folder_ = std::filesystem::temp_directory_path() / ("basin-" + name);
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Runs `line` in a shell within the folder; $BASIN is the command, $WORKER the worker of these tests.
  Answer shell(const std::string& line) const {
    const std::string whole = "cd '" + folder_.string() + "' && BASIN='" + paths::command + "' && WORKER='" +
                              paths::worker + "' && { " + line + "\n} </dev/null";
    const auto start = std::chrono::steady_clock::now();
    Answer answer;
    FILE* pipe = ::popen(whole.c_str(), "r");
    std::array<char, 4096> buffer;
    for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      answer.text.append(buffer.data(), n);
    const int status = ::pclose(pipe);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return answer;
  }
  std::ptrdiff_t files() const {
    const auto all = std::filesystem::recursive_directory_iterator(folder_);
    return std::distance(begin(all), end(all));
  }
  std::string text_of(const std::string& file) const {
    std::ostringstream out;
    out << std::ifstream(folder_ / file).rdbuf();
    return out.str();
  }
  bool exists(const std::string& file) const { return std::filesystem::exists(folder_ / file); }

  std::filesystem::path folder_;
};

}  // namespace basin::cli
