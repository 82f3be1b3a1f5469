#include "basin/core/whole_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <vector>

#include "basin/core/error.hpp"

namespace basin {
namespace {
namespace fs = std::filesystem;

class WholeFile : public ::testing::Test {
 protected:
  WholeFile() { fs::create_directories(folder_); }
  ~WholeFile() override { fs::remove_all(folder_); }
  std::string read(const fs::path& path) const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder_), {}); }
  fs::path folder_ = fs::temp_directory_path() / ("basin_whole_file_" + std::to_string(::getpid()));
};

TEST_F(WholeFile, ReplacesWhatIsThere) {
  write_atomically(folder_ / "a", "one");
  write_atomically(folder_ / "a", "two");
  EXPECT_EQ(read(folder_ / "a"), "two");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, LeavesNothingBehindWhenItCannot) {
  fs::create_directory(folder_ / "a");  // a file cannot replace a folder
  EXPECT_THROW(write_atomically(folder_ / "a", "one"), Error);
  EXPECT_THROW(write_atomically(folder_ / "absent" / "a", "one"), Error);
  EXPECT_EQ(files(), 1);
}

// As left by a process on another host with the same process id.
TEST_F(WholeFile, TouchesNoUnfinishedFileOfAnother) {
  const fs::path other = folder_ / ("a." + std::to_string(::getpid()) + ".part");
  std::ofstream(other) << "half";
  write_atomically(folder_ / "a", "one");
  EXPECT_EQ(read(other), "half");
}

TEST_F(WholeFile, ThreadsThatReplaceOneFileDoNotMeet) {
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (char letter = 'a'; letter < 'a' + 8; ++letter)
    threads.emplace_back([&, text = std::string(200'000, letter)] {
      for (int i = 0; i < 20; ++i) try {
          write_atomically(folder_ / "a", text);
        } catch (const Error&) {
          ++failures;
        }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  const std::string left = read(folder_ / "a");
  EXPECT_EQ(left, std::string(200'000, left.at(0)));
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, EveryUnfinishedNameIsAnother) {
  std::set<fs::path> names;
  for (int i = 0; i < 1000; ++i) names.insert(unfinished(folder_ / "a"));
  EXPECT_EQ(names.size(), 1000u);
  for (const fs::path& name : names) {
    EXPECT_EQ(name.parent_path(), folder_);
    EXPECT_EQ(name.extension(), ".part");
  }
}

}  // namespace
}  // namespace basin
