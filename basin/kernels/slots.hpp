// Optimizer state in 16 or 8 bits in memory, and in float in the loops.
//
// Formats  bfloat16: the upper half of a float
//          eight_bit: blocks of 256 numbers that share a scale s, a power of two; numbers are below 2 s. A
//          code is the position of a number on the curve log(1 + |v|/c), made straight within each octave,
//          with 16 codes per octave: a sign and 7 bits, c = s/2^7; or, if no number of the block is below
//          zero, as in every second moment, 8 bits and c = s/2^15. A code step is thus 1/16 to 1/32 of a
//          number above c, and c/16 below. Numbers above zero stay above zero if codes have no sign
// Rounding stochastic: up, with the probability of the part that is cut off. Rounded to nearest, a mean that
// changes by less than half a unit per step would never move. Numbers on the grid stay, while their block
// keeps its scale
// NaN      infinity, and magnitudes from 1.6e38: they turn all numbers of an 8-bit block into NaN; bfloat16
//          keeps them apart
// Papers   Gupta et al., Deep Learning with Limited Numerical Precision, ICML 2015 (the rounding); Dettmers,
//          Lewis, Shleifer & Zettlemoyer, 8-bit Optimizers via Block-wise Quantization, ICLR 2022 (the
//          blocks); ITU-T G.711, mu-law (the curve)
// Departs  from Dettmers et al.: codes are computed instead of looked up, and rounded stochastically; blocks
//          have 256 numbers instead of 2,048; the scale is a power of two, so that unchanged numbers keep
//          their bits. Random numbers are a fixed pattern that advances by the golden ratio from step to
//          step, so that errors of one weight partly cancel (docs/decisions/0013-slots-in-fewer-bits.md)
// Cost     blocks are converted in a first-level cache, on their way through the loops; about 12 operations
//          per number, no table
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "basin/kernels/isa.hpp"
#include "basin/kernels/storage.hpp"
#include "basin/kernels/tile.hpp"

namespace basin::kernels {

enum class SlotFormat : std::uint8_t { native, bfloat16, eight_bit };

// Returns the suffix in the text of a chain, "8bit" for "adamw@8bit"; empty for native.
std::string_view name_of(SlotFormat format);
// Throws InputError for an unknown name.
SlotFormat slot_format_named(std::string_view name);

inline constexpr std::size_t slot_block_size = 256;

// The layout in memory, little-endian: number i has byte i / 64 of word i % 64. The scale is negative if
// codes have no sign, zero if all numbers are zero, and NaN if any number was.
struct SlotBlock {
  std::array<std::uint32_t, slot_block_size / 4> codes;
  float scale;
};
static_assert(sizeof(SlotBlock) == 260);

// Slot `number` of a parameter: one std::uint16_t per weight, or SlotBlocks, the last of which may have spare
// codes.
struct PackedSlot {
  SlotFormat format;  // not native
  void* at;
  std::size_t number;
};

// The slots of one parameter that are not held in the type of the loops; null for all others.
struct PackedSlots {
  SlotFormat format = SlotFormat::native;
  std::array<void*, most_slots> slots{};
};

// Sets out[i] to number `first + i`, exactly.
void unpack(const PackedSlot& slot, Isa isa, std::size_t first, std::size_t n, float* out);
// Rounds and stores n numbers from `first` on. Gives the same bits for every ISA and split.
//
// Requires  `first` is a multiple of slot_block_size; n is one, too, or reaches the end
void pack(const PackedSlot& slot, Isa isa, const RoundingKey& key, std::size_t first, std::size_t n,
          const float* in);

}  // namespace basin::kernels
