// Augmentation: random changes to images, in training only: "flip 0.5, crop 4, cutout 8, mixup 0.2".
//
// flip     the probability of mirroring left to right
// crop     the number of black pixels padded around an image before a part of its size is cut out at random:
//          it moves by up to this many pixels down, up, left and right
// cutout   the edge of a grey square with a random centre (DeVries & Taylor, 2017); grey is the mean of
//          normalised inputs, otherwise black
// mixup    mixes a batch, including targets, with itself in another order, in shares drawn from Beta(mixup,
//          mixup) (Zhang et al., ICLR 2018); done by the training loop
//
// Every draw is made, whatever the settings, from (seed, replicate, epoch, record) alone, so that arms with
// different augmentations see the same flips and crops.
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
  Fraction mixup = 0;          // 0 means no mixing
  BASIN_KNOBS(flip, crop, cutout, mixup)
  bool moves_pixels() const { return flip > 0 || crop > 0 || cutout > 0; }
};

// Throws InputError for a number outside its range, and for a fraction of a pixel.
void check(const Augmentation& augmentation);
// Parses as parse_settings does (core/settings_text.hpp). Also throws InputError as `check` does.
Augmentation parse_augmentation(std::string_view text);

struct ImageSize {
  std::int64_t height, width, channels;
};

// The key of an epoch's draws.
struct EpochKey {
  std::uint64_t seed, replicate, epoch;
};

// Gathers as `gather` (batch.hpp) does, with flip, crop and cutout in the same pass. Throws InputError when
// an index lies outside.
void gather_augmented(std::span<const std::uint8_t> images, const ImageSize& size,
                      std::span<const std::uint32_t> records, const Normalization& normalization,
                      const Augmentation& augmentation, const EpochKey& key, float* out);

// Returns the share of its own examples that a mixed batch keeps at a step of a run, drawn from Beta(mixup,
// mixup).
double mixup_share(const Augmentation& augmentation, std::uint64_t seed, std::uint64_t replicate,
                   std::uint64_t step);

}  // namespace basin::data
