// The shared block: another process sees the same bytes, nobody writes after the seal, and a wrong header is
// refused.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "basin/core/error.hpp"
#include "basin/data/image_set.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::SharedSet;

SharedSet sealed() {
  SharedSet set = data::create_images(3, 2, 4, 5, 3, 7);
  std::ranges::fill(set.fill<std::uint8_t>("train.images"), 11);
  std::ranges::fill(set.fill<std::uint8_t>("train.labels"), 1);
  std::ranges::fill(set.fill<std::uint8_t>("test.images"), 22);
  std::ranges::fill(set.fill<std::uint8_t>("test.labels"), 2);
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

// An anonymous file with these bytes.
class FalseFile {
 public:
  explicit FalseFile(std::span<const std::uint8_t> bytes) : fd(memfd_create("false", 0)) {
    EXPECT_EQ(pwrite(fd, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  ~FalseFile() { close(fd); }
  const int fd;
};

TEST(SharedSet, IsWhatItWasFilledWith) { EXPECT_TRUE(as_filled(data::images_of(sealed()))); }

TEST(SharedSet, IsSeenByAnotherProcess) {
  const SharedSet set = sealed();
  const pid_t child = fork();
  if (child == 0) {
    bool right = false;
    try {
      right = as_filled(data::images_of(SharedSet::map(set.fd(), set.bytes()))) &&
              as_filled(data::images_of(
                  SharedSet::map(set.fd(), set.bytes())));  // again: mapping does not close it
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
  EXPECT_THROW(set.fill<std::uint8_t>("train.images"), Error);
  EXPECT_EQ(mmap(nullptr, set.bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, set.fd(), 0), MAP_FAILED);
  EXPECT_EQ(pwrite(set.fd(), "x", 1, 0), -1);
  EXPECT_EQ(ftruncate(set.fd(), 0), -1);
}

TEST(SharedSet, SurvivesBeingMoved) {
  SharedSet a = sealed();
  SharedSet b = std::move(a);
  a = std::move(b);
  EXPECT_TRUE(as_filled(data::images_of(a)));
}

TEST(SharedSet, RefusesSizesThatMakeNoSense) {
  EXPECT_THROW(data::create_images(-1, 1, 1, 1, 1, 1), InputError);
  EXPECT_THROW(data::create_images(1, 1, 0, 1, 1, 1), InputError);
  EXPECT_THROW(data::create_images(1, 1, 1, 1, 1, 257), InputError);
  EXPECT_THROW(data::create_images(1l << 40, 1, 1l << 40, 1, 1, 10), InputError);
}

TEST(SharedSet, RefusesMoreThanTheMachineHas) {
  samples::expect_message<Error>([] { data::create_images(1l << 50, 1, 1, 1, 1, 1); },
                                 "is more than this machine's");
}

// The block of a sealed set, with one part of its directory replaced by another of the same length.
samples::Bytes block_with(const std::string& from, const std::string& to) {
  const SharedSet set = sealed();
  samples::Bytes bytes(set.block().begin(), set.block().end());
  const auto at = std::ranges::search(bytes, from).begin();
  EXPECT_NE(at, bytes.end()) << from;
  if (at != bytes.end()) std::ranges::copy(to, at);
  return bytes;
}

TEST(SharedSet, RefusesAFalseDirectory) {
  const auto refused = [](const samples::Bytes& bytes) {
    const FalseFile file(bytes);
    EXPECT_THROW(SharedSet::map(file.fd, bytes.size()), FormatError);
  };
  const FalseFile right(block_with("basin02", "basin02"));
  EXPECT_TRUE(as_filled(data::images_of(SharedSet::map(right.fd, sealed().bytes()))));

  refused(block_with("basin02", "basin03"));
  refused(block_with("[3,4,5,3]", "[9,4,5,3]"));
  refused(block_with("[3,4,5,3]", "[-1,4,5] "));
  refused(block_with("\"u8\"", "\"u9\""));
  refused(block_with("\"shape\"", "\"shake\""));
  refused(block_with("\"columns\":", "\"columns\","));
  const samples::Bytes whole = block_with("basin02", "basin02");
  const FalseFile file(whole);
  EXPECT_THROW(SharedSet::map(file.fd, whole.size() - 1), FormatError) << "the file is longer";
  EXPECT_THROW(SharedSet::map(file.fd, whole.size() + 1), FormatError) << "the file is shorter";
}

// Whatever stands in the directory, no column lies outside the block.
TEST(SharedSet, AnyByteOfTheDirectoryMayBeWrong) {
  const samples::Bytes whole = block_with("basin02", "basin02");
  for (std::size_t i = 0; i < 512; ++i) {
    for (const std::uint8_t flip : {1, 16, 128}) {
      samples::Bytes bytes = whole;
      bytes[i] ^= flip;
      try {
        const SharedSet set = SharedSet::copy(bytes);
        for (const data::Column& column : set.columns()) EXPECT_LE(column.bytes.size(), bytes.size());
      } catch (const FormatError&) {
      }
    }
    EXPECT_THROW(SharedSet::copy(std::span(whole).first(i)), FormatError);
  }
}

TEST(SharedSet, ColumnsHaveTypesAndAttributes) {
  SharedSet set = SharedSet::create(
      {{"train.values", data::Type::f32, {2, 3}}, {"tokens", data::Type::i32, {0}}}, {{"kind", "table"}});
  set.fill<float>("train.values")[5] = 2.5f;
  set.seal();
  const SharedSet copy = SharedSet::copy(set.block());
  EXPECT_EQ(copy.at("train.values").as<float>()[5], 2.5f);
  EXPECT_EQ(copy.at("train.values").records(), 2);
  EXPECT_TRUE(copy.at("tokens").bytes.empty());
  EXPECT_EQ(copy.attributes().at("kind"), "table");
  samples::expect_message<Error>([&] { copy.at("train.values").as<std::int32_t>(); }, "is of f32, not i32");
  samples::expect_message<Error>([&] { copy.at("test.values"); }, "no column test.values");
  EXPECT_THROW(SharedSet::create({{"a", data::Type::u8, {1}}, {"a", data::Type::u8, {1}}}), InputError);
  EXPECT_THROW(SharedSet::create({{"a", data::Type::u8, {}}}), InputError);
}

}  // namespace
