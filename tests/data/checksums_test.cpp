// The checksums of a data set show which part of it differs.
#include "basin/data/checksums.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "basin/data/image_set.hpp"
#include "tests/data/samples.hpp"

namespace basin::data {
namespace {

std::map<std::string, std::string> sums(const auto& change) {
  SharedSet set = data::create_images(3, 2, 4, 4, 3, 10);
  std::ranges::copy(samples::noise(3 * 48), set.fill<std::uint8_t>("train.images").begin());
  change(set);
  return checksums(set);
}

TEST(Checksums, EachPartHasItsOwn) {
  const auto plain = sums([](SharedSet&) {});
  ASSERT_EQ(plain.size(), 4u);
  const auto changed = [&](const std::string& part, const auto& change) {
    auto expected = plain;
    const auto found = sums(change);
    EXPECT_NE(found.at(part), plain.at(part)) << part;
    expected[part] = found.at(part);
    EXPECT_EQ(found, expected) << "nothing but the " << part;
  };
  changed("training images", [](SharedSet& set) { ++set.fill<std::uint8_t>("train.images")[143]; });
  changed("training labels", [](SharedSet& set) { set.fill<std::uint8_t>("train.labels")[2] = 1; });
  changed("test images", [](SharedSet& set) { set.fill<std::uint8_t>("test.images")[0] = 1; });
  changed("test labels", [](SharedSet& set) { set.fill<std::uint8_t>("test.labels")[1] = 1; });
}

TEST(Checksums, AreEightDigits) {
  const std::uint8_t text[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(crc32_text(text), "cbf43926");  // the check value of CRC-32
  EXPECT_EQ(crc32_text({}), "00000000");
}

}  // namespace
}  // namespace basin::data
