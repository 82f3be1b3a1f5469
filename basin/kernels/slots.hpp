// What a rule remembers of each weight, in 16 or 8 bits in memory and in float in the loops.
//
// Formats  bfloat16: the upper half of a float
//          eight_bit: blocks of 256 numbers that share a scale s, a power of two; numbers are below 2 s. A code is the place of a
//          number on the curve log(1 + |v|/c), straight within each octave, with 16 codes an octave: a sign and 7 bits,
//          c = s/2^7; or, where no number of the block is below zero, as in every second moment, 8 bits and c = s/2^15. So a
//          code is worth 1/16 to 1/32 of a number above c, and c/16 below. What is above zero stays so where codes have no sign
// Rounding stochastic, up with the probability of the part that is cut off: to nearest, a mean whose change in a step is
//          smaller than half a unit would stand still for ever. What is on the grid stays there, while its block keeps its scale
// NaN      and infinity, and 1.6e38 and more, make NaN of all numbers of a block of 8 bits; bfloat16 keeps them apart
// Papers   Gupta et al., Deep Learning with Limited Numerical Precision, ICML 2015 (the rounding); Dettmers, Lewis, Shleifer &
//          Zettlemoyer, 8-bit Optimizers via Block-wise Quantization, ICLR 2022 (the blocks); ITU-T G.711, mu-law (the curve)
// Departs  from Dettmers et al.: codes are computed rather than looked up, and rounded stochastically; blocks of 256, not 2,048;
//          the scale is a power of two, so that what does not change keeps its bits. Random numbers are a fixed pattern that
//          moves on by the golden ratio from step to step: errors of one weight partly cancel (docs/decisions)
// Cost     a block is converted in a first-level cache, on its way through the loops; some 12 operations a number, no table
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

// As it stands in the text of a chain, "adamw@8bit"; empty for native.
std::string_view name_of(SlotFormat format);
// Throws InputError for another name.
SlotFormat slot_format_named(std::string_view name);

inline constexpr std::size_t slot_block_size = 256;

// As it lies in memory, little-endian: number i has byte i / 64 of word i % 64. The scale is negative where codes have no sign,
// zero where all numbers are, and NaN where one was.
struct SlotBlock {
  std::array<std::uint32_t, slot_block_size / 4> codes;
  float scale;
};
static_assert(sizeof(SlotBlock) == 260);

// Slot `number` of a parameter: as many std::uint16_t as the parameter has weights, or SlotBlocks, the last of which may have
// codes to spare.
struct PackedSlot {
  SlotFormat format;  // not native
  void* at;
  std::size_t number;
};

// Those of one parameter that are not held in the type of the loops; null where one is.
struct PackedSlots {
  SlotFormat format = SlotFormat::native;
  std::array<void*, most_slots> slots{};
};

// out[i] = number `first + i`; exact.
void unpack(const PackedSlot& slot, Isa isa, std::size_t first, std::size_t n, float* out);
// Requires: `first` is a multiple of slot_block_size, and n is or reaches the end. The same bits for every ISA and split.
void pack(const PackedSlot& slot, Isa isa, const RoundingKey& key, std::size_t first, std::size_t n,
          const float* in);

}  // namespace basin::kernels
