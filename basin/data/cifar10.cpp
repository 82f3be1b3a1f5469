#include "basin/data/cifar10.hpp"

#include "basin/core/error.hpp"

namespace basin::data {
namespace {

void interleave(const std::uint8_t* planes, std::uint8_t* pixels) {
  for (std::size_t p = 0; p < cifar10::plane; ++p)
    for (std::size_t c = 0; c < cifar10::channels; ++c)
      pixels[p * cifar10::channels + c] = planes[c * cifar10::plane + p];
}

}  // namespace

std::size_t count_cifar10(std::size_t bytes) {
  const std::size_t count = bytes / cifar10::record, rest = bytes % cifar10::record;
  if (rest != 0)
    throw FormatError(count * cifar10::record, "a record of 3073 bytes", std::to_string(rest) + " bytes");
  if (count == 0) throw FormatError(0, "records of 3073 bytes", "an empty file");
  return count;
}

void decode_cifar10(std::span<const std::uint8_t> batch, std::span<std::uint8_t> images,
                    std::span<std::uint8_t> labels) {
  const std::size_t count = count_cifar10(batch.size());
  if (labels.size() != count || images.size() != count * cifar10::image)
    throw InputError("decode_cifar10: " + std::to_string(count) + " records, but room for " +
                     std::to_string(labels.size()) + " labels and " + std::to_string(images.size()) +
                     " image bytes");
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = i * cifar10::record;
    if (batch[at] >= cifar10::classes) throw FormatError(at, "a label from 0 to 9", batch[at]);
    labels[i] = batch[at];
    interleave(&batch[at + 1], &images[i * cifar10::image]);
  }
}

}  // namespace basin::data
