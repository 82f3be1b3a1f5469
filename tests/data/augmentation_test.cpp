// Flip, crop, cutout and mixup: compared with a plain reference, and dependent only on the study, the epoch
// and the record.
#include "basin/data/augmentation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "basin/core/error.hpp"
#include "basin/data/batch.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::Augmentation;
using samples::Bytes;
using Indices = std::vector<std::uint32_t>;
using Floats = std::vector<float>;

constexpr data::ImageSize extent{6, 5, 3};
constexpr std::int64_t size = 6 * 5 * 3;
const data::Normalization some{{0.2, 0.4, 0.6}, {0.5, 0.25, 0.1}};

Floats gathered(const Bytes& images, const Indices& records, const Augmentation& augmentation,
                const data::EpochKey& key = {1, 0, 1}) {
  Floats out(records.size() * size, std::nanf(""));
  data::gather_augmented(images, extent, records, some, augmentation, key, out.data());
  return out;
}

// Returns the original pixel for a pixel of an image that was moved, flipped, or neither.
float plain(const Bytes& images, std::uint32_t record, std::int64_t y, std::int64_t x, std::int64_t c) {
  const bool inside = y >= 0 && y < extent.height && x >= 0 && x < extent.width;
  const double byte =
      inside ? images[static_cast<std::size_t>(record * size + (y * extent.width + x) * 3 + c)] : 0;
  return static_cast<float>((byte / 255 - some.mean[static_cast<std::size_t>(c)]) /
                            some.sd[static_cast<std::size_t>(c)]);
}

// Returns whether `image` is record `record`, moved by (down, right) and flipped accordingly.
bool is_moved(const float* image, const Bytes& images, std::uint32_t record, std::int64_t down,
              std::int64_t right, bool flipped) {
  for (std::int64_t y = 0; y < extent.height; ++y)
    for (std::int64_t x = 0; x < extent.width; ++x)
      for (std::int64_t c = 0; c < 3; ++c) {
        const std::int64_t from = (flipped ? extent.width - 1 - x : x) + right;
        const float wanted = plain(images, record, y + down, from, c);
        // One multiplication and addition in float, compared with one division in double.
        if (std::abs(image[(y * extent.width + x) * 3 + c] - wanted) > 4e-6f) return false;
      }
  return true;
}

TEST(Augmentation, NothingAskedForIsGather) {
  const Bytes images = samples::noise(4 * size);
  const Indices records{3, 0, 2};
  Floats wanted(records.size() * size);
  data::gather(images, size, records, some, wanted.data());
  EXPECT_EQ(gathered(images, records, {}), wanted);
}

TEST(Augmentation, EveryImageIsOneOfTheMovesAndEveryMoveComes) {
  const Bytes images = samples::noise(4 * size);
  std::vector<int> seen(2 * 5 * 5);
  for (std::uint64_t epoch = 1; epoch <= 500; ++epoch) {
    const Floats image = gathered(images, {2}, {.flip = 0.5, .crop = 2}, {1, 0, epoch});
    int matches = 0;
    for (int move = 0; move < 50; ++move)
      if (is_moved(image.data(), images, 2, move / 2 / 5 - 2, move / 2 % 5 - 2, move % 2 == 1))
        ++seen[static_cast<std::size_t>(move)], ++matches;
    ASSERT_EQ(matches, 1) << "epoch " << epoch;
  }
  // 500 draws of 50 moves: all are likely to occur (50 (1 - 1/50)^500 = 0.002), and do with this seed.
  for (const int count : seen) EXPECT_GT(count, 0);
}

TEST(Augmentation, CutoutIsGreyAndItsCentreIsAnywhere) {
  const Bytes images(size, 200);
  std::vector<int> grey(static_cast<std::size_t>(extent.height * extent.width));
  for (std::uint64_t epoch = 1; epoch <= 300; ++epoch) {
    const Floats image = gathered(images, {0}, {.cutout = 3}, {1, 0, epoch});
    int here = 0;
    for (std::size_t pixel = 0; pixel < grey.size(); ++pixel)
      if (image[3 * pixel] == 0 && image[3 * pixel + 2] == 0) ++grey[pixel], ++here;
    EXPECT_GE(here, 4) << "a centre in a corner leaves a quarter and more of 3x3";
    EXPECT_LE(here, 9);
  }
  for (const int count : grey) EXPECT_GT(count, 0);
}

TEST(Augmentation, IsKeyedBySeedReplicateEpochAndRecordAlone) {
  const Bytes images = samples::noise(64 * size);
  const Augmentation all{.flip = 0.5, .crop = 2, .cutout = 2};
  Indices records;
  for (std::uint32_t i = 0; i < 64; ++i) records.push_back(i);
  const Floats together = gathered(images, records, all);
  for (const std::uint32_t record : records) {  // alone or in another batch: the same image
    const Floats alone = gathered(images, {record}, all);
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin() + record * size));
  }
  EXPECT_NE(gathered(images, records, all, {2, 0, 1}), together);
  EXPECT_NE(gathered(images, records, all, {1, 1, 1}), together);
  EXPECT_NE(gathered(images, records, all, {1, 0, 2}), together);
}

TEST(Augmentation, FlipsAreTheSameWhateverElseIsAskedFor) {
  const Bytes images = samples::noise(64 * size);
  for (std::uint32_t record = 0; record < 64; ++record) {
    const Floats flipped = gathered(images, {record}, {.flip = 0.5});
    const Floats cut = gathered(images, {record}, {.flip = 0.5, .cutout = 1});
    int others = 0;
    for (std::size_t i = 0; i < flipped.size(); ++i) others += flipped[i] != cut[i];
    EXPECT_LE(others, 3) << "one pixel of three channels";
  }
}

TEST(Augmentation, MixupSharesAreBetaDistributed) {
  // Beta(a, a) has mean 1/2 and variance 1 / (4 (2a + 1)). Five standard errors; those of the variance from
  // the bound (x - 1/2)^4 <= (x - 1/2)^2 / 4.
  for (const double a : {0.2, 1.0}) {
    double sum = 0, squares = 0;
    constexpr int draws = 20'000;
    for (std::uint64_t step = 0; step < draws; ++step) {
      const double share = data::mixup_share({.mixup = a}, 1, 0, step) - 0.5;
      sum += share, squares += share * share;
    }
    const double variance = 1 / (4 * (2 * a + 1)), root = std::sqrt(draws);
    EXPECT_NEAR(sum / draws, 0, 5 * std::sqrt(variance) / root);
    EXPECT_NEAR(squares / draws, variance, 5 * std::sqrt(variance / 4) / root);
  }
  EXPECT_EQ(data::mixup_share({}, 1, 0, 3), 1);
}

TEST(Augmentation, ReadsItsWords) {
  const Augmentation a = data::parse_augmentation("flip 0.5,  crop  4, mixup 0.2");
  EXPECT_EQ(a.flip, 0.5);
  EXPECT_EQ(a.crop, 4);
  EXPECT_EQ(a.cutout, 0);
  EXPECT_EQ(a.mixup, 0.2);
  EXPECT_FALSE(data::parse_augmentation("none").moves_pixels());
  EXPECT_FALSE(data::parse_augmentation("mixup 0.2").moves_pixels());
  for (const char* wrong :
       {"", "flip", "flop 1", "flip 2", "crop 0.5", "flip 0.5 1", "flip 0.1, flip 0.2", "none, flip 1"})
    EXPECT_THROW(data::parse_augmentation(wrong), InputError) << wrong;
}

}  // namespace
