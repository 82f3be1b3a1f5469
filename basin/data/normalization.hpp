// Mean and standard deviation per channel, of the training records only.
//
// Value    for pixels in [0, 1], that is byte / 255: sd = sqrt(sum (x - mean)^2 / n), 1 for a constant
//          channel
// Exact    sums are integers, so the order of the records does not matter
// Cost     one pass, about 0.2 ns per byte
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace basin::data {

struct Normalization {
  std::vector<double> mean, sd;  // one per channel
};

// Computes them over the chosen records of `images`, each `image_bytes` of channels-last pixels. Throws
// InputError if none is chosen or an index is out of range.
Normalization normalization(std::span<const std::uint8_t> images, std::int64_t image_bytes,
                            std::int64_t channels, std::span<const std::uint32_t> records);

}  // namespace basin::data
