// Images as they might have been, in training alone: "flip 0.5, crop 4, cutout 8, mixup 0.2".
//
// flip     the probability that left and right change places
// crop     as many black pixels are put round an image, and a part of its size is cut out at random: it moves by up to
//          so many pixels down, up, left and right
// cutout   a square of so many pixels is grey, its centre anywhere (DeVries & Taylor, 2017); grey is the mean of inputs that
//          are normalised, else black
// mixup    a batch is mixed with itself in another order, targets too, in shares drawn from Beta(mixup, mixup)
//          (Zhang et al., ICLR 2018); by the training loop
//
// Every draw is made whatever is asked for, from (seed, replicate, epoch, record) alone, so that arms with other
// augmentations see the same flips and crops.
#pragma once
#include <cstdint>
#include <span>

#include "basin/core/knobs.hpp"
#include "basin/data/normalization.hpp"

namespace basin::data {

struct Augmentation {
  static constexpr std::string_view name = "augment";
  Fraction flip = 0;
  Steps crop = 0, cutout = 0;  // pixels
  Fraction mixup = 0;          // 0: no mixing
  BASIN_KNOBS(flip, crop, cutout, mixup)
  bool moves_pixels() const { return flip > 0 || crop > 0 || cutout > 0; }
};

// Throws InputError for a number outside its range, and for a part of a pixel.
void check(const Augmentation& augmentation);
// As parse_settings reads it (core/settings_text.hpp). Throws InputError, as `check` does, too.
Augmentation parse_augmentation(std::string_view text);

struct ImageSize {
  std::int64_t height, width, channels;
};

// What an epoch's draws are keyed by.
struct EpochKey {
  std::uint64_t seed, replicate, epoch;
};

// Gathers as `gather` (batch.hpp) does, with flip, crop and cutout in the same pass. Throws InputError when an index lies
// outside.
void gather_augmented(std::span<const std::uint8_t> images, const ImageSize& size,
                      std::span<const std::uint32_t> records, const Normalization& normalization,
                      const Augmentation& augmentation, const EpochKey& key, float* out);

// The share that a batch keeps of its own when it is mixed, from Beta(mixup, mixup), of any step of a run.
double mixup_share(const Augmentation& augmentation, std::uint64_t seed, std::uint64_t replicate,
                   std::uint64_t step);

}  // namespace basin::data
