#include "basin/data/augmentation.hpp"

#include <cmath>
#include <cstring>

#include "basin/core/philox.hpp"
#include "basin/core/settings_text.hpp"
#include "basin/data/affine.hpp"
#include "basin/data/batch.hpp"

namespace basin::data {
namespace {

// The changes to one image.
struct Change {
  bool flipped;
  std::int64_t down, right;                   // where its first pixel comes from
  std::int64_t top, bottom, left, right_end;  // the cut-out square: [top, bottom) x [left, right_end)
};

Change change_of(const Augmentation& a, const ImageSize& size, const EpochKey& key, std::uint32_t record) {
  Stream random(key.seed, key.replicate, "augment", key.epoch << 32 | record);
  const auto below = [&](double count) {  // floor keeps it below count, for 53 bits times a small number
    return static_cast<std::int64_t>(std::floor(random.uniform() * count));
  };
  Change out{};
  out.flipped = random.uniform() < a.flip;
  out.down = below(2 * a.crop + 1) - static_cast<std::int64_t>(a.crop);
  out.right = below(2 * a.crop + 1) - static_cast<std::int64_t>(a.crop);
  const auto edge = static_cast<std::int64_t>(a.cutout);
  const std::int64_t y = below(static_cast<double>(size.height)) - edge / 2;
  const std::int64_t x = below(static_cast<double>(size.width)) - edge / 2;
  out.top = std::max<std::int64_t>(y, 0), out.bottom = std::min(y + edge, size.height);
  out.left = std::max<std::int64_t>(x, 0), out.right_end = std::min(x + edge, size.width);
  return out;
}

// A row of the image moved to the left by `by` pixels, black where nothing comes from.
void move_row(const std::uint8_t* row, std::int64_t by, const ImageSize& size, std::uint8_t* out) {
  const std::int64_t kept = std::max<std::int64_t>(size.width - std::abs(by), 0);
  std::memset(out, 0, static_cast<std::size_t>(size.width * size.channels));
  std::memcpy(out + std::max<std::int64_t>(-by, 0) * size.channels,
              row + std::max<std::int64_t>(by, 0) * size.channels,
              static_cast<std::size_t>(kept * size.channels));
}

void reverse_row(std::uint8_t* row, const ImageSize& size) {
  for (std::int64_t a = 0, b = size.width - 1; a < b; ++a, --b)
    std::swap_ranges(row + a * size.channels, row + (a + 1) * size.channels, row + b * size.channels);
}

}  // namespace

void check(const Augmentation& augmentation) {
  checked(augmentation);
  for (const auto& [knob, value] :
       {std::pair("crop", augmentation.crop), std::pair("cutout", augmentation.cutout)})
    if (std::floor(value) != value)
      throw InputError("augment: " + std::string(knob) + " = " + text_of(value) +
                       " pixels; it must be a whole number");
}

Augmentation parse_augmentation(std::string_view text) {
  const auto out = parse_settings<Augmentation>(text);
  check(out);
  return out;
}

void gather_augmented(std::span<const std::uint8_t> images, const ImageSize& size,
                      std::span<const std::uint32_t> records, const Normalization& normalization,
                      const Augmentation& augmentation, const EpochKey& key, float* out) {
  const Affine affine(normalization);
  const std::int64_t row_bytes = size.width * size.channels;
  std::vector<std::uint8_t> row(static_cast<std::size_t>(row_bytes));
  for (const std::uint32_t record : records) {
    const std::uint8_t* image = image_at(images, static_cast<std::size_t>(size.height * row_bytes), record);
    const Change change = change_of(augmentation, size, key, record);
    for (std::int64_t y = 0; y < size.height; ++y, out += row_bytes) {
      const std::int64_t from = y + change.down;
      if (from >= 0 && from < size.height)
        move_row(image + from * row_bytes, change.right, size, row.data());
      else
        std::ranges::fill(row, std::uint8_t{0});
      if (change.flipped) reverse_row(row.data(), size);
      affine.apply(row.data(), row.size(), out);
      if (y >= change.top && y < change.bottom && change.left < change.right_end)
        std::fill(out + change.left * size.channels, out + change.right_end * size.channels, 0.0f);
    }
  }
}

// Joehnk, Erzeugung von betaverteilten und gammaverteilten Zufallszahlen, 1964: suitable for parameters up to
// 1.
double mixup_share(const Augmentation& augmentation, std::uint64_t seed, std::uint64_t replicate,
                   std::uint64_t step) {
  if (augmentation.mixup == 0) return 1;
  Stream random(seed, replicate, "mixup", step);
  while (true) {
    const double u = std::pow(random.uniform(), 1 / augmentation.mixup);
    const double v = std::pow(random.uniform(), 1 / augmentation.mixup);
    if (u + v > 0 && u + v <= 1) return u / (u + v);
  }
}

}  // namespace basin::data
