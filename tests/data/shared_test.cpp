// The shared block: another process sees the same bytes, nobody writes after the seal, and a wrong header is
// refused.
#include "basin/data/shared.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::SharedSet;

SharedSet sealed() {
  SharedSet set = SharedSet::create(3, 2, 4, 5, 3, 7);
  std::ranges::fill(set.train_images(), 11);
  std::ranges::fill(set.train_labels(), 1);
  std::ranges::fill(set.test_images(), 22);
  std::ranges::fill(set.test_labels(), 2);
  set.seal();
  return set;
}

bool as_filled(const data::ImageSet& view) {
  const auto all = [](std::span<const std::uint8_t> bytes, std::size_t size, std::uint8_t value) {
    return bytes.size() == size && std::ranges::count(bytes, value) == static_cast<long>(size);
  };
  return view.height == 4 && view.width == 5 && view.channels == 3 && view.classes == 7 &&
         view.train_count() == 3 && view.test_count() == 2 && all(view.train_images, 180, 11) &&
         all(view.train_labels, 3, 1) && all(view.test_images, 120, 22) && all(view.test_labels, 2, 2);
}

// A file like those that `map` accepts, with its beginning overwritten by these numbers.
class FalseFile {
 public:
  explicit FalseFile(const std::vector<std::uint64_t>& header, std::size_t size = 512)
      : fd(memfd_create("false", 0)) {
    EXPECT_EQ(ftruncate(fd, static_cast<off_t>(size)), 0);
    const auto bytes = std::min(size, header.size() * 8);
    EXPECT_EQ(pwrite(fd, header.data(), bytes, 0), static_cast<ssize_t>(bytes));
  }
  ~FalseFile() { close(fd); }
  const int fd;
};

std::uint64_t magic() {
  std::uint64_t mark = 0;
  std::memcpy(&mark, "basin01", 8);
  return mark;
}

TEST(SharedSet, IsWhatItWasFilledWith) { EXPECT_TRUE(as_filled(sealed().view())); }

TEST(SharedSet, IsSeenByAnotherProcess) {
  const SharedSet set = sealed();
  const pid_t child = fork();
  if (child == 0) {
    bool right = false;
    try {
      right = as_filled(SharedSet::map(set.fd(), set.bytes()).view()) &&
              as_filled(SharedSet::map(set.fd(), set.bytes()).view());  // again: mapping does not close it
    } catch (...) {
    }
    _exit(right ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(SharedSet, CannotBeWrittenOrResizedOnceSealed) {
  SharedSet set = sealed();
  EXPECT_THROW(set.train_images(), Error);
  EXPECT_EQ(mmap(nullptr, set.bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, set.fd(), 0), MAP_FAILED);
  EXPECT_EQ(pwrite(set.fd(), "x", 1, 0), -1);
  EXPECT_EQ(ftruncate(set.fd(), 0), -1);
}

TEST(SharedSet, SurvivesBeingMoved) {
  SharedSet a = sealed();
  SharedSet b = std::move(a);
  a = std::move(b);
  EXPECT_TRUE(as_filled(a.view()));
}

TEST(SharedSet, RefusesSizesThatMakeNoSense) {
  EXPECT_THROW(SharedSet::create(-1, 1, 1, 1, 1, 1), InputError);
  EXPECT_THROW(SharedSet::create(1, 1, 0, 1, 1, 1), InputError);
  EXPECT_THROW(SharedSet::create(1, 1, 1, 1, 1, 257), InputError);
  EXPECT_THROW(SharedSet::create(1l << 40, 1, 1l << 40, 1, 1, 10), InputError);
}

TEST(SharedSet, RefusesMoreThanTheMachineHas) {
  samples::expect_message<Error>([] { SharedSet::create(1l << 50, 1, 1, 1, 1, 1); },
                                 "is more than this machine's");
}

TEST(SharedSet, RefusesAFalseHeader) {
  const auto refused = [](const std::vector<std::uint64_t>& header, std::size_t bytes = 512) {
    const FalseFile file(header);
    EXPECT_THROW(SharedSet::map(file.fd, bytes), FormatError);
  };
  const std::uint64_t images = (512 - 56 - 2) / 2;  // one record of each split fills the file
  const FalseFile right({magic(), 1, 1, 1, images, 1, 10});
  EXPECT_EQ(SharedSet::map(right.fd, 512).view().train_count(), 1);

  refused({magic() + 1, 1, 1, 1, images, 1, 10});
  refused({magic(), 1, 1, 1, images + 1, 1, 10});
  refused({magic(), 1, 1, 1, images, 1, 0});
  refused({magic(), 1, 1, 0, images, 1, 10});
  refused({magic(), 1ull << 63, 1ull << 63, 2, 1, 1, 10});
  refused({magic(), 0, 0, 1ull << 62, 2, 1, 10});
  refused({magic(), 1, 1, 1, images, 1, 10}, 511);
  refused({magic(), 1, 1, 1, images, 1, 10}, 1024);
  refused({magic(), 1, 1, 1, images, 1, 10}, 8);
}

}  // namespace
