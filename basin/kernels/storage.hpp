// Numbers with 16 bits in memory, and float in the loops: parameters and gradients in bfloat16 or float16.
//
// Formats  bfloat16: 8 bits of exponent, 7 of fraction, the upper half of a float; float16: 5 and 10 (IEEE
//          754 binary16)
// Rounding to nearest, ties to even; or, for bfloat16, stochastic: up with the probability of the part that
// is cut off, so that the mean is right and updates smaller than half a unit are not always lost
// Paper    Gupta, Agrawal, Gopalakrishnan & Narayanan, Deep Learning with Limited Numerical Precision, ICML
//          2015
// Cost     blocks are converted in a first-level cache, on their way through the loops
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "basin/kernels/isa.hpp"

namespace basin::kernels {

enum class Format : std::uint8_t { native, bfloat16, float16 };

// The location of the numbers of one parameter that are not held in the type of the loops.
struct Packed {
  Format format = Format::native;
  std::uint16_t* weight = nullptr;
  const std::uint16_t* gradient = nullptr;
};

// The key of stochastic rounding: weight `first + i` at step `step` of parameter `number` is rounded by a
// pure function of these and the seed, so that split and instruction set do not change a bit.
struct RoundingKey {
  std::uint64_t seed, number, step;
};

// Sets out[i] = in[i], exactly. NaN and infinity are preserved.
void unpack(Format format, Isa isa, std::size_t n, const std::uint16_t* in, float* out);
// Rounds to nearest; numbers beyond the largest finite one become infinity. NaN becomes the quiet NaN of its
// sign.
void pack(Format format, Isa isa, std::size_t n, const float* in, std::uint16_t* out);
// For bfloat16 only. `first` is the position of in[0] in its parameter.
void pack_stochastically(const RoundingKey& key, std::uint64_t first, std::size_t n, const float* in,
                         std::uint16_t* out);

}  // namespace basin::kernels
