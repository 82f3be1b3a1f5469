// Normalisation, the order of epochs, and gathering, each compared with a plain reference.
#include "basin/data/batch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::Normalization;
using samples::Bytes;
using Indices = std::vector<std::uint32_t>;

TEST(Normalization, IsTheMeanAndDeviationOfTheChosenRecordsAlone) {
  Bytes images = samples::noise(3 * 4 * 2);
  std::fill(images.begin() + 8, images.begin() + 16, 255);  // the record that is not chosen
  const Normalization n = data::normalization(images, 8, 2, Indices{0, 2});
  for (std::size_t c = 0; c < 2; ++c) {
    double sum = 0, spread = 0;
    for (const std::size_t record : {0, 2})
      for (std::size_t p = 0; p < 4; ++p) sum += images[record * 8 + p * 2 + c] / 255.0;
    for (const std::size_t record : {0, 2})
      for (std::size_t p = 0; p < 4; ++p)
        spread += std::pow(images[record * 8 + p * 2 + c] / 255.0 - sum / 8, 2);
    EXPECT_NEAR(n.mean[c], sum / 8, 1e-14);
    EXPECT_NEAR(n.sd[c], std::sqrt(spread / 8), 1e-14);
  }
}

TEST(Normalization, LeavesAConstantChannelItsScale) {
  const Normalization n = data::normalization(Bytes(12, 51), 6, 3, Indices{0, 1});
  EXPECT_EQ(n.sd, std::vector<double>(3, 1.0));
  EXPECT_DOUBLE_EQ(n.mean[0], 0.2);
}

TEST(Normalization, DoesNotOverflow) {  // the sum of squares of so many white pixels exceeds 32 bits
  const Normalization n = data::normalization(Bytes{255, 255}, 2, 1, Indices(70000, 0));
  EXPECT_EQ(n.mean[0], 1.0);
  EXPECT_EQ(n.sd[0], 1.0);
}

TEST(Normalization, RefusesNoRecordAndOneOutside) {
  EXPECT_THROW(data::normalization(Bytes(4), 2, 1, {}), InputError);
  EXPECT_THROW(data::normalization(Bytes(4), 2, 1, Indices{2}), InputError);
}

TEST(Order, ShufflesEveryRecordAnewEachEpoch) {
  Indices train(100);
  std::iota(train.begin(), train.end(), 7u);
  Indices first = data::order(1, 0, 1, train);
  EXPECT_EQ(first, data::order(1, 0, 1, train));
  EXPECT_NE(first, data::order(1, 0, 2, train));
  EXPECT_NE(first, data::order(1, 1, 1, train));
  EXPECT_NE(first, data::order(2, 0, 1, train));
  std::ranges::sort(first);
  EXPECT_EQ(first, train);
}

TEST(Gather, EqualsThePlainFormulaForAnyShape) {
  for (const std::int64_t channels : {1, 2, 3, 4})
    for (const std::int64_t pixels : {1, 5, 63, 64, 65, 784}) {
      const std::int64_t size = pixels * channels;
      const Bytes images = samples::noise(static_cast<std::size_t>(5 * size));
      const Indices records{4, 0, 0, 3};
      const Normalization n = data::normalization(images, size, channels, records);
      std::vector<float> out(static_cast<std::size_t>(4 * size) + 1, -99.f);
      data::gather(images, size, records, n, out.data());
      for (std::size_t r = 0, at = 0; r < records.size(); ++r)
        for (std::int64_t i = 0; i < size; ++i, ++at) {
          const auto c = static_cast<std::size_t>(i % channels);
          const double pixel =
              images[records[r] * static_cast<std::size_t>(size) + static_cast<std::size_t>(i)] / 255.0;
          // Three roundings (scale, product, sum) of numbers no larger than 1 / sd.
          ASSERT_NEAR(out[at], (pixel - n.mean[c]) / n.sd[c],
                      3 * std::numeric_limits<float>::epsilon() / n.sd[c]);
        }
      EXPECT_EQ(out.back(), -99.f);
    }
}

TEST(Gather, GivesTheLabelsOfTheSameRecords) {
  std::vector<std::int64_t> out(3);
  data::gather_labels(Bytes{5, 6, 7}, Indices{2, 0, 2}, out.data());
  EXPECT_EQ(out, (std::vector<std::int64_t>{7, 5, 7}));
}

TEST(Gather, RefusesARecordOutside) {
  float out[4];
  std::int64_t label = 0;
  samples::expect_message<InputError>([&] { data::gather(Bytes(4), 2, Indices{0, 2}, {{0}, {1}}, out); },
                                      "record 2 is out of range; the 2 records count from 0");
  EXPECT_THROW(data::gather_labels(Bytes(2), Indices{2}, &label), InputError);
}

}  // namespace
