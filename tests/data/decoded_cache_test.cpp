// A decoded copy is used while its archive is unchanged, and ignored when anything is wrong with it.
#include "basin/data/decoded_cache.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "basin/data/image_set.hpp"
#include "basin/storage/file.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
namespace fs = std::filesystem;

class DecodedCache : public ::testing::Test {
 protected:
  DecodedCache() {
    if (const char* before = std::getenv("XDG_CACHE_HOME")) before_ = before;
    setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1);
    samples::write(archive_, {1, 2, 3});
  }
  ~DecodedCache() override {
    if (before_)
      setenv("XDG_CACHE_HOME", before_->c_str(), 1);
    else
      unsetenv("XDG_CACHE_HOME");
  }
  static data::SharedSet decoded() {
    data::SharedSet set = data::create_images(3, 2, 4, 4, 3, 10);
    std::ranges::copy(samples::noise(3 * 48), set.fill<std::uint8_t>("train.images").begin());
    set.fill<std::uint8_t>("test.labels")[1] = 7;
    set.seal();
    return set;
  }
  fs::path only_copy() const {
    return fs::directory_iterator(folder_ / "cache" / "basin" / "decoded")->path();
  }

  samples::Folder folder_;
  fs::path archive_ = folder_ / "set.tar.xz";
  std::optional<std::string> before_;
};

TEST_F(DecodedCache, GivesBackWhatWasKept) {
  EXPECT_FALSE(data::decoded_copy(archive_));
  const data::SharedSet set = decoded();
  data::keep_decoded(archive_, set);
  const auto copy = data::decoded_copy(archive_);
  ASSERT_TRUE(copy);
  EXPECT_TRUE(std::ranges::equal(copy->block(), set.block()));
  EXPECT_GE(copy->fd(), 0);  // workers can inherit it
}

TEST_F(DecodedCache, ForgetsAnArchiveThatChanged) {
  data::keep_decoded(archive_, decoded());
  samples::write(archive_, {1, 2, 3, 4});
  EXPECT_FALSE(data::decoded_copy(archive_));
}

TEST_F(DecodedCache, ADamagedCopyIsAsNone) {
  data::keep_decoded(archive_, decoded());
  const samples::Bytes good = storage::read_file(only_copy());
  for (const std::size_t at : {std::size_t{0}, std::size_t{60}, good.size() - 1}) {
    samples::Bytes bad = good;
    bad[at] ^= 1;
    samples::write(only_copy(), bad);
    EXPECT_FALSE(data::decoded_copy(archive_)) << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{50}, good.size() - 1}) {
    samples::write(only_copy(),
                   samples::Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_FALSE(data::decoded_copy(archive_)) << size;
  }
}

TEST_F(DecodedCache, AFolderThatCannotBeWrittenIsNoError) {
  samples::write(folder_ / "cache", {0});  // a file in place of the folder
  EXPECT_NO_THROW(data::keep_decoded(archive_, decoded()));
  EXPECT_FALSE(data::decoded_copy(archive_));
}

}  // namespace
