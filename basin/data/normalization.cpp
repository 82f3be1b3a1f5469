#include "basin/data/normalization.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "basin/core/error.hpp"
#include "basin/data/batch.hpp"

namespace basin::data {
namespace {

// Sums of x and x^2 for one position in the image or for one channel.
template <class N>
struct Sums {
  std::vector<N> x, square;
  explicit Sums(std::size_t size) : x(size), square(size) {}
};

__extension__ typedef unsigned __int128 Wide;  // the squared sum over a channel needs more than 64 bits

// The number of images whose squares fit in 32 bits: 2^32 / 255^2.
constexpr std::size_t block = 66051;

// Adds up positions first, because that vectorises for any number of channels.
Sums<std::uint32_t> sums_of_places(std::span<const std::uint8_t> images, std::size_t image_bytes,
                                   std::span<const std::uint32_t> records) {
  Sums<std::uint32_t> sums(image_bytes);
  std::uint32_t* x = sums.x.data();
  std::uint32_t* square = sums.square.data();
  for (const std::uint32_t record : records) {
    const std::uint8_t* image = image_at(images, image_bytes, record);
    for (std::size_t i = 0; i < image_bytes; ++i) {
      const std::uint32_t v = image[i];
      x[i] += v;
      square[i] += v * v;
    }
  }
  return sums;
}

}  // namespace

Normalization normalization(std::span<const std::uint8_t> images, std::int64_t image_bytes,
                            std::int64_t channels, std::span<const std::uint32_t> records) {
  if (records.empty()) throw InputError("no records for the mean and standard deviation; choose one or more");
  const auto size = static_cast<std::size_t>(image_bytes), width = static_cast<std::size_t>(channels);
  Sums<std::uint64_t> sums(width);
  for (std::size_t begin = 0; begin < records.size(); begin += block) {
    const auto part = records.subspan(begin, std::min(block, records.size() - begin));
    const Sums<std::uint32_t> places = sums_of_places(images, size, part);
    for (std::size_t i = 0; i < size; ++i) {
      sums.x[i % width] += places.x[i];
      sums.square[i % width] += places.square[i];
    }
  }

  Normalization result;
  const auto n = static_cast<Wide>(records.size()) * (size / width);
  for (std::size_t c = 0; c < width; ++c) {
    const Wide x = sums.x[c], spread = n * sums.square[c] - x * x;  // n^2 times the variance
    const double count = static_cast<double>(n), sd = std::sqrt(static_cast<double>(spread)) / count / 255;
    result.mean.push_back(static_cast<double>(sums.x[c]) / count / 255);
    result.sd.push_back(spread == 0 ? 1.0 : sd);
  }
  return result;
}

}  // namespace basin::data
