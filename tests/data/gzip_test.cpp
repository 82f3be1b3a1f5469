// gzip of IDX: damage anywhere is refused or harmless, and nothing inflates beyond what the header promises.
#include "basin/data/gzip.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::inflated_idx;
using samples::Bytes;

const Bytes plain = samples::idx({40}, samples::noise(40));

TEST(GzipIdx, InflatesOrPassesThrough) {
  EXPECT_EQ(inflated_idx(samples::gzip(plain)), plain);
  EXPECT_EQ(inflated_idx(plain), plain);
}

TEST(GzipIdx, InflatesOneShorterThanTheLargestHeader) {
  const Bytes small = samples::idx({1}, {5});
  EXPECT_EQ(inflated_idx(samples::gzip(small)), small);
}

TEST(GzipIdx, RefusesEveryTruncation) {
  const Bytes whole = samples::gzip(plain);
  for (std::size_t size = 2; size < whole.size(); ++size)  // with fewer bytes, nothing shows that it is gzip
    EXPECT_THROW(inflated_idx(Bytes(whole.begin(), whole.begin() + static_cast<long>(size))), FormatError)
        << size;
}

TEST(GzipIdx, EveryDamagedByteIsRefusedOrHarmless) {
  const Bytes whole = samples::gzip(plain);
  std::size_t refused = 0;
  for (std::size_t at = 2; at < whole.size(); ++at)
    for (int value = 0; value < 256; ++value) {
      Bytes damaged = whole;
      damaged[at] = static_cast<std::uint8_t>(value);
      try {
        EXPECT_EQ(inflated_idx(damaged), plain) << "byte " << at << " = " << value;
      } catch (const FormatError&) {
        ++refused;
      }
    }
  // Everything matters except the time stamp (4 bytes), the hints and the system (2), and bits after the last
  // code (less than 1).
  EXPECT_GT(refused, (whole.size() - 2 - 7) * 255);
}

TEST(GzipIdx, RefusesABomb) {
  Bytes bomb = samples::idx({40}, Bytes(10'000'000, 0));
  samples::expect_message<FormatError>([&] { inflated_idx(samples::gzip(bomb)); },
                                       "wanted 40 items, as its IDX header says, found more");
}

TEST(GzipIdx, RefusesAPromiseThatDeflateCannotKeep) {
  const Bytes liar = samples::gzip(samples::idx({0xffffffff, 0xffffffff}, {1, 2, 3}));
  samples::expect_message<FormatError>([&] { inflated_idx(liar); }, "a file too short to hold them");
}

TEST(GzipIdx, RefusesTooFewItems) {
  const Bytes few = samples::gzip(samples::idx({41}, Bytes(40, 1)));
  samples::expect_message<FormatError>([&] { inflated_idx(few); },
                                       "wanted 41 items, as its IDX header says, found 40");
}

TEST(GzipIdx, RefusesWhatFollowsTheMember) {
  Bytes two = samples::gzip(plain);
  const std::size_t size = two.size();
  two.push_back(0);
  samples::expect_message<FormatError>(
      [&] { inflated_idx(two); },
      "byte " + std::to_string(size) + ": wanted the end of the file, found 1 bytes more");
}

TEST(GzipIdx, SaysThatTheInsideIsWrong) {
  samples::expect_message<FormatError>([] { inflated_idx(samples::gzip(Bytes(100, 1))); },
                                       "inflated: byte 0: wanted 0");
}

TEST(GzipIdx, PeeksAtTheHeaderAlone) {
  const Bytes large = samples::idx({300, 28, 28}, samples::noise(300 * 28 * 28));
  for (Bytes file : {large, samples::gzip(large)}) {
    file.resize(4096);
    const data::IdxHeader header = data::peek_idx(file);
    EXPECT_EQ(header.extents, (std::vector<std::size_t>{300, 28, 28}));
    EXPECT_EQ(header.bytes + header.items, large.size());
  }
}

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

TEST(Gzip, InflatesMembersInOrder) {
  const Bytes a = samples::noise(5000), b(300'000, 7);
  EXPECT_EQ(data::inflated(samples::gzip(a), 5000), a);
  EXPECT_EQ(data::inflated(joined({samples::gzip(a), samples::gzip({}), samples::gzip(b)}), 1'000'000),
            joined({a, b}));
  EXPECT_EQ(data::inflated(joined({samples::gzip(a), Bytes(100, 0)}), 5000), a) << "padding";
  EXPECT_EQ(data::inflated(a, 1), a) << "not compressed";
}

TEST(Gzip, StopsAtTheLimit) {
  const Bytes bomb = samples::gzip(Bytes(10'000'000, 0));
  EXPECT_EQ(data::inflated(bomb, 10'000'000).size(), 10'000'000u);
  samples::expect_message<FormatError>([&] { data::inflated(bomb, 9'999'999); },
                                       "wanted at most 9999999 bytes when inflated, found more");
  samples::expect_message<FormatError>(
      [&] { data::inflated(joined({samples::gzip(Bytes(9)), samples::gzip(Bytes(9))}), 17); },
      "wanted at most 17 bytes when inflated, found more");
}

TEST(Gzip, RefusesEveryTruncationAndWhatFollows) {
  const Bytes whole = joined({samples::gzip(plain), samples::gzip(plain)}), one = samples::gzip(plain);
  for (std::size_t size = 2; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<long>(size));
    if (size == one.size())
      EXPECT_EQ(data::inflated(cut, 1000), plain);
    else
      EXPECT_THROW(data::inflated(cut, 1000), FormatError) << size;
  }
  samples::expect_message<FormatError>(
      [&] { data::inflated(joined({one, {1, 2, 3}}), 1000); },
      "byte " + std::to_string(one.size()) + ": wanted the end of the file, found 3 bytes more");
}

TEST(Gzip, PeeksAtABeginning) {
  const Bytes large = samples::noise(100'000);
  Bytes file = samples::gzip(large);
  file.resize(4096);
  const Bytes begun = data::inflated_beginning(file, 100'000);
  EXPECT_GT(begun.size(), 3000u);
  EXPECT_EQ(begun, Bytes(large.begin(), large.begin() + static_cast<long>(begun.size())));
  EXPECT_EQ(data::inflated_beginning(large, 10).size(), 10u);
  EXPECT_EQ(data::inflated_beginning(file, 10).size(), 10u);
}

}  // namespace
