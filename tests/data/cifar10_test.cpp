// CIFAR-10 batches: planes become pixels, and every other length or label is refused.
#include "basin/data/cifar10.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using samples::Bytes;

void decode(std::span<const std::uint8_t> batch) {
  Bytes images(batch.size() / 3073 * 3072), labels(batch.size() / 3073);
  data::decode_cifar10(batch, images, labels);
}

TEST(Cifar10, TurnsPlanesIntoPixels) {
  const Bytes batch = samples::cifar10(3);
  Bytes images(3 * 3072), labels(3);
  data::decode_cifar10(batch, images, labels);
  EXPECT_EQ(labels, (Bytes{0, 1, 2}));
  for (std::size_t record = 0; record < 3; ++record)
    for (std::size_t pixel = 0; pixel < 1024; ++pixel)
      for (std::size_t channel = 0; channel < 3; ++channel)
        ASSERT_EQ(images[record * 3072 + pixel * 3 + channel],
                  batch[record * 3073 + 1 + channel * 1024 + pixel]);
}

TEST(Cifar10, RefusesEveryTruncation) {
  const Bytes batch = samples::cifar10(2);
  for (std::size_t size = 0; size < batch.size(); ++size)
    if (size != 3073) {
      EXPECT_THROW(decode(std::span(batch).first(size)), FormatError) << size;
    }
  samples::expect_message<FormatError>([&] { decode(std::span(batch).first(3080)); },
                                       "byte 3073: wanted a record of 3073 bytes, found 7 bytes");
}

TEST(Cifar10, RefusesALabelOutOfRangeAtItsByte) {
  Bytes batch = samples::cifar10(3);
  batch[2 * 3073] = 10;
  samples::expect_message<FormatError>([&] { decode(batch); },
                                       "byte 6146: wanted a label from 0 to 9, found 10");
}

TEST(Cifar10, RefusesRoomOfAnotherSize) {
  Bytes images(3072), labels(2);
  EXPECT_THROW(data::decode_cifar10(samples::cifar10(2), images, labels), InputError);
}

}  // namespace
