#include "basin/data/augmentation.hpp"

#include <cmath>
#include <cstring>

#include "basin/core/philox.hpp"
#include "basin/core/settings_text.hpp"
#include "basin/data/affine.hpp"
#include "basin/data/batch.hpp"

namespace basin::data {
namespace {

// What one image goes through.
struct Change {
  bool flipped;
  std::int64_t down, right;                   // where its first pixel comes from
  std::int64_t top, bottom, left, right_end;  // the square that is cut out: [top, bottom) x [left, right_end)
};

Change change_of(const Augmentation& a, const Extent& extent, const EpochKey& key, std::uint32_t record) {
  Stream random(key.seed, key.replicate, "augment", key.epoch << 32 | record);
  const auto below = [&](double count) {  // floor keeps it below, for 53 bits times a small number
    return static_cast<std::int64_t>(std::floor(random.uniform() * count));
  };
  Change out{};
  out.flipped = random.uniform() < a.flip;
  out.down = below(2 * a.crop + 1) - static_cast<std::int64_t>(a.crop);
  out.right = below(2 * a.crop + 1) - static_cast<std::int64_t>(a.crop);
  const auto edge = static_cast<std::int64_t>(a.cutout);
  const std::int64_t y = below(static_cast<double>(extent.height)) - edge / 2;
  const std::int64_t x = below(static_cast<double>(extent.width)) - edge / 2;
  out.top = std::max<std::int64_t>(y, 0), out.bottom = std::min(y + edge, extent.height);
  out.left = std::max<std::int64_t>(x, 0), out.right_end = std::min(x + edge, extent.width);
  return out;
}

// A row of the image moved to the left by `by` pixels, black where nothing comes from.
void move_row(const std::uint8_t* row, std::int64_t by, const Extent& extent, std::uint8_t* out) {
  const std::int64_t kept = std::max<std::int64_t>(extent.width - std::abs(by), 0);
  std::memset(out, 0, static_cast<std::size_t>(extent.width * extent.channels));
  std::memcpy(out + std::max<std::int64_t>(-by, 0) * extent.channels,
              row + std::max<std::int64_t>(by, 0) * extent.channels,
              static_cast<std::size_t>(kept * extent.channels));
}

void reverse_row(std::uint8_t* row, const Extent& extent) {
  for (std::int64_t a = 0, b = extent.width - 1; a < b; ++a, --b)
    std::swap_ranges(row + a * extent.channels, row + (a + 1) * extent.channels, row + b * extent.channels);
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

void gather_augmented(std::span<const std::uint8_t> images, const Extent& extent,
                      std::span<const std::uint32_t> records, const Normalization& normalization,
                      const Augmentation& augmentation, const EpochKey& key, float* out) {
  const Affine affine(normalization);
  const std::int64_t row_bytes = extent.width * extent.channels;
  std::vector<std::uint8_t> row(static_cast<std::size_t>(row_bytes));
  for (const std::uint32_t record : records) {
    const std::uint8_t* image = image_at(images, static_cast<std::size_t>(extent.height * row_bytes), record);
    const Change change = change_of(augmentation, extent, key, record);
    for (std::int64_t y = 0; y < extent.height; ++y, out += row_bytes) {
      const std::int64_t from = y + change.down;
      if (from >= 0 && from < extent.height)
        move_row(image + from * row_bytes, change.right, extent, row.data());
      else
        std::ranges::fill(row, std::uint8_t{0});
      if (change.flipped) reverse_row(row.data(), extent);
      affine.apply(row.data(), row.size(), out);
      if (y >= change.top && y < change.bottom && change.left < change.right_end)
        std::fill(out + change.left * extent.channels, out + change.right_end * extent.channels, 0.0f);
    }
  }
}

// Joehnk, Erzeugung von betaverteilten und gammaverteilten Zufallszahlen, 1964: fit for parameters up to 1.
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
