#include "basin/core/whole_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

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
  fs::create_directory(folder_ / "a");  // a folder cannot be replaced by a file
  EXPECT_THROW(write_atomically(folder_ / "a", "one"), Error);
  EXPECT_THROW(write_atomically(folder_ / "absent" / "a", "one"), Error);
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace basin
