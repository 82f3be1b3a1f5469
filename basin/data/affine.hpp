// Converts bytes to floats: out = byte * scale + shift, with a scale and a shift per channel.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "basin/data/normalization.hpp"

namespace basin::data {

class Affine {
 public:
  explicit Affine(const Normalization& n) {
    for (int pixel = 0; pixel < run_of_pixels; ++pixel)
      for (std::size_t c = 0; c < n.mean.size(); ++c) {
        scale_.push_back(static_cast<float>(1 / (255 * n.sd[c])));
        shift_.push_back(static_cast<float>(-n.mean[c] / n.sd[c]));
      }
  }
  // Converts `count` values, beginning with the first channel of a pixel.
  void apply(const std::uint8_t* in, std::size_t count, float* out) const {
    for (std::size_t i = 0; i < count; i += scale_.size())
      run(in + i, scale_.data(), shift_.data(), std::min(scale_.size(), count - i), out + i);
  }

 private:
  // Scale and shift are repeated over a run of pixels: whole vectors for any number of channels, and small
  // enough to stay in L1.
  static constexpr int run_of_pixels = 64;
  static void run(const std::uint8_t* __restrict in, const float* __restrict scale,
                  const float* __restrict shift, std::size_t count, float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(in[i]) * scale[i] + shift[i];
  }
  std::vector<float> scale_, shift_;
};

}  // namespace basin::data
