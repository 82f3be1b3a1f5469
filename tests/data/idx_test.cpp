// IDX: what is accepted, and every way to be truncated or wrong.
#include "basin/data/idx.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::parse_idx;
using samples::Bytes;

TEST(Idx, GivesExtentsAndItems) {
  const Bytes bytes = samples::idx({2, 3}, {1, 2, 3, 4, 5, 6});
  const data::IdxView view = parse_idx(bytes);
  EXPECT_EQ(view.extents, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(view.items.data(), bytes.data() + 12);
  EXPECT_EQ(view.items.size(), 6u);
}

TEST(Idx, AcceptsRanksOneToFour) {
  for (std::size_t rank = 1; rank <= 4; ++rank)
    EXPECT_EQ(parse_idx(samples::idx(std::vector<std::uint32_t>(rank, 1), {7})).extents.size(), rank);
}

TEST(Idx, RefusesEveryTruncation) {
  const Bytes whole = samples::idx({2, 3, 2}, Bytes(12, 9));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THROW(parse_idx(std::span(whole).first(size)), FormatError) << size;
}

TEST(Idx, RefusesOneByteMore) {
  Bytes bytes = samples::idx({2}, {1, 2});
  bytes.push_back(0);
  samples::expect_message<FormatError>([&] { parse_idx(bytes); }, "byte 8: wanted 2 items, found 3");
}

TEST(Idx, NamesWhatIsWrongAndWhere) {
  const auto with = [](std::size_t at, std::uint8_t value) {
    Bytes bytes = samples::idx({1}, {5});
    bytes[at] = value;
    return bytes;
  };
  samples::expect_message<FormatError>([&] { parse_idx(with(0, 0x1f)); }, "byte 0: wanted 0");
  samples::expect_message<FormatError>([&] { parse_idx(with(1, 1)); }, "byte 1: wanted 0");
  samples::expect_message<FormatError>([&] { parse_idx(with(2, 13)); }, "byte 2: wanted IDX type 8");
  samples::expect_message<FormatError>([&] { parse_idx(with(3, 0)); }, "byte 3: wanted rank 1 to 4, found 0");
  samples::expect_message<FormatError>([&] { parse_idx(with(3, 5)); }, "byte 3: wanted rank 1 to 4, found 5");
}

TEST(Idx, RefusesExtentsThatOverflow) {
  const Bytes bytes = samples::idx({0xffffffff, 0xffffffff, 0xffffffff, 1}, {});
  samples::expect_message<FormatError>([&] { parse_idx(bytes); },
                                       "byte 12: wanted extents whose product fits");
  EXPECT_THROW(parse_idx(samples::idx({1u << 31, 1u << 31, 4, 1}, {})), FormatError);  // exactly 2^64
}

}  // namespace
