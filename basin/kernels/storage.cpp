#include "basin/kernels/storage.hpp"

#include <bit>

#include "basin/core/philox.hpp"
#include "basin/kernels/loops.hpp"

namespace basin::kernels {
namespace {

using Half = std::uint16_t;
using Bits = std::uint32_t;

constexpr Bits exponent = 0x7f800000u, magnitude = 0x7fffffffu;

struct FromBfloat16 {
  [[gnu::always_inline]] static inline float convert(Half h) { return std::bit_cast<float>(Bits{h} << 16); }
};

struct ToBfloat16 {
  [[gnu::always_inline]] static inline Half convert(float v) {
    const Bits bits = std::bit_cast<Bits>(v);
    const Bits nearest = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
    const Bits quiet_nan = bits >> 16 | 0x7fc0u;
    return static_cast<Half>((bits & magnitude) > exponent ? quiet_nan : nearest);
  }
};

// Uses arithmetic on floats that are never subnormal, because the driver flushes those.
struct FromFloat16 {
  [[gnu::always_inline]] static inline float convert(Half h) {
    const Bits sign = (Bits{h} & 0x8000u) << 16, rest = Bits{h} & 0x7fffu;
    // Normal: the exponent moves by 127 - 15. Infinity and NaN: it becomes all ones.
    const Bits normal = (rest << 13) + (rest >= 0x7c00u ? 0x70000000u : 0x38000000u);
    // Subnormal: `rest` units of 2^-24, read as the fraction of 1/2, minus the 1/2.
    const float subnormal = std::bit_cast<float>(rest | 0x3f000000u) - 0.5f;
    return std::bit_cast<float>(sign | (rest < 0x400u ? std::bit_cast<Bits>(subnormal) : normal));
  }
};

struct ToFloat16 {
  [[gnu::always_inline]] static inline Half convert(float v) {
    const Bits bits = std::bit_cast<Bits>(v), sign = bits >> 16 & 0x8000u, rest = bits & magnitude;
    // Normal: rounded to nearest in the 13 bits that are dropped; an overflow turns into the exponent of
    // infinity by itself.
    const Bits normal = (rest - 0x38000000u + 0xfffu + (rest >> 13 & 1u)) >> 13;
    // Below 2^-14: adding 1/2 leaves units of 2^-24 in the fraction, rounded to nearest by the addition.
    const Bits subnormal = std::bit_cast<Bits>(std::bit_cast<float>(rest) + 0.5f) - 0x3f000000u;
    const Bits small = rest < 0x38800000u ? subnormal : normal;
    const Bits large = rest > exponent ? 0x7e00u : 0x7c00u;
    return static_cast<Half>(sign | (rest >= 0x47800000u ? large : small));
  }
};

template <class Conversion, class In, class Out>
struct ConvertBody {
  [[gnu::always_inline]] static inline void convert(std::size_t n, const In* __restrict in,
                                                    Out* __restrict out) {
    BASIN_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) out[i] = Conversion::convert(in[i]);
  }
  [[gnu::always_inline]] static inline void run(std::size_t n, const In* in, Out* out) {
    convert(n, in, out);
  }
};

template <class Conversion, class In, class Out>
void convert(Isa isa, std::size_t n, const In* in, Out* out) {
  PerIsa<ConvertBody<Conversion, In, Out>,
         void(std::size_t, const In*, Out*)>::table[static_cast<std::size_t>(isa)](n, in, out);
}

// Adds 16 random bits below the 16 that are kept, and truncates. A number that bfloat16 can represent is
// unchanged.
Half rounded_up_at_times(float v, Bits random) {
  const Bits bits = std::bit_cast<Bits>(v);
  if ((bits & exponent) == exponent) return ToBfloat16::convert(v);
  return static_cast<Half>((bits + random) >> 16);
}

}  // namespace

void unpack(Format format, Isa isa, std::size_t n, const Half* in, float* out) {
  if (format == Format::bfloat16)
    convert<FromBfloat16>(isa, n, in, out);
  else
    convert<FromFloat16>(isa, n, in, out);
}

void pack(Format format, Isa isa, std::size_t n, const float* in, Half* out) {
  if (format == Format::bfloat16)
    convert<ToBfloat16>(isa, n, in, out);
  else
    convert<ToFloat16>(isa, n, in, out);
}

void pack_stochastically(const RoundingKey& key, std::uint64_t first, std::size_t n, const float* in,
                         Half* out) {
  const std::uint64_t stream = key.seed ^ key.number * 0x9e3779b97f4a7c15ull;
  constexpr std::uint64_t each = 8;  // weights per block of random numbers
  Block random{};
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t position = first + i, lane = position % each;
    if (i == 0 || lane == 0) random = philox(stream, position / each, key.step);
    out[i] = rounded_up_at_times(in[i], random[lane / 2] >> (lane % 2 * 16) & 0xffffu);
  }
}

}  // namespace basin::kernels
