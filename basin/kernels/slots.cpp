#include "basin/kernels/slots.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/core/philox.hpp"
#include "basin/kernels/loops.hpp"

namespace basin::kernels {
namespace {

using Bits = std::uint32_t;

constexpr Bits exponent = 0x7f800000u, magnitude = 0x7fffffffu, sign = 0x80000000u;

// --- random numbers

constexpr auto pattern = [] {
  std::array<Bits, slot_block_size> out{};
  for (std::size_t i = 0; i < out.size(); i += 4) {
    const Block four = philox(0, i);
    std::copy(four.begin(), four.end(), out.begin() + i);
  }
  return out;
}();

// Returns the offset of the pattern for a block: the finalizer of splitmix64 for the position, the golden
// ratio for the step.
[[gnu::always_inline]] inline Bits moved(const RoundingKey& key, std::size_t slot, std::size_t block) {
  std::uint64_t z = key.seed + key.number * 0xd1342543de82ef95ull + slot * 0x9e3779b97f4a7c15ull +
                    block * 0xda942042e4dd58b5ull;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return static_cast<Bits>(z >> 32) + static_cast<Bits>(key.step) * 0x9e3779b9u;
}

// Returns `width` random bits for number i of a block; `move` holds as many.
template <int width>
[[gnu::always_inline]] inline Bits random(std::size_t i, Bits move) {
  return (pattern[i] + move) & ((Bits{1} << width) - 1);
}

// --- bfloat16

struct Halves {
  using Block = std::array<std::uint16_t, slot_block_size>;

  [[gnu::always_inline]] static inline void unpack(std::size_t n, const std::uint16_t* __restrict in,
                                                   float* __restrict out) {
    BASIN_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) out[i] = std::bit_cast<float>(Bits{in[i]} << 16);
  }
  [[gnu::always_inline]] static inline void pack(std::size_t n, const float* __restrict in, Bits move,
                                                 std::uint16_t* __restrict out) {
    BASIN_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) {
      const Bits bits = std::bit_cast<Bits>(in[i]), up = random<16>(i, move);
      out[i] = static_cast<std::uint16_t>((bits + ((bits & exponent) == exponent ? 0 : up)) >> 16);
    }
  }

  [[gnu::always_inline]] static inline void unpack(std::size_t within, std::size_t n, const Block& in,
                                                   float* out) {
    if (n == slot_block_size)
      unpack(slot_block_size, in.data(), out);
    else
      unpack(n, in.data() + within, out);
  }
  [[gnu::always_inline]] static inline void pack(std::size_t n, const float* in, Bits move, Block& out) {
    if (n == slot_block_size)
      pack(slot_block_size, in, move >> 16, out.data());
    else
      pack(n, in, move >> 16, out.data());
  }
};

// --- 8 bits

// The bits of a float after its sign, its exponent and 4 bits of its fraction. With numbers in [0, 2), and c
// = 2^-15 or 2^-7, a code is what remains above these bits in v + c, without the upper bits of the exponent,
// which are the same for all of them.
constexpr int cut = 19;
template <bool has_sign>
constexpr float bend = has_sign ? 0x1p-7f : 0x1p-15f;
template <bool has_sign>
constexpr Bits code_bits = has_sign ? 0x7fu : 0xffu;

// Shifts towards the high bits; if `by` is negative, towards the low bits.
template <int by>
[[gnu::always_inline]] inline Bits shifted(Bits bits) {
  if constexpr (by < 0)
    return bits >> -by;
  else
    return bits << by;
}

constexpr std::size_t words = slot_block_size / 4;

template <bool has_sign, int lane>
[[gnu::always_inline]] inline float decode(Bits word, float scale) {
  constexpr Bits zero = std::bit_cast<Bits>(bend<has_sign>);
  const Bits place = (shifted<cut - 8 * lane>(word) & code_bits<has_sign> << cut) | zero;
  const float size = (std::bit_cast<float>(place) - bend<has_sign>)*scale;
  if constexpr (has_sign)
    return std::bit_cast<float>(std::bit_cast<Bits>(size) | (shifted<24 - 8 * lane>(word) & sign));
  else
    return size;
}

template <bool has_sign, int lane>
[[gnu::always_inline]] inline Bits encode(float v, float shrink, Bits up) {
  constexpr Bits zero = std::bit_cast<Bits>(bend<has_sign>), one = 1u << cut;
  const Bits bits = std::bit_cast<Bits>(v);
  const float size = std::bit_cast<float>(has_sign ? bits & magnitude : bits) * shrink;
  const Bits place = std::bit_cast<Bits>(size + bend<has_sign>) + up;
  if constexpr (has_sign)
    return (shifted<8 * lane - cut>(place) & 0x7fu << 8 * lane) |
           (shifted<8 * lane - 24>(bits) & 0x80u << 8 * lane);
  else
    return shifted<8 * lane - cut>(std::max(place, zero + std::min(bits, one))) & 0xffu << 8 * lane;
}

template <bool has_sign>
[[gnu::always_inline]] inline void decode_all(const Bits* __restrict in, float scale, float* __restrict out) {
  BASIN_INDEPENDENT
  for (std::size_t i = 0; i < words; ++i)
    [&]<int... lane>(std::integer_sequence<int, lane...>) __attribute__((always_inline)) {
      ((out[lane * words + i] = decode<has_sign, lane>(in[i], scale)), ...);
    }(std::make_integer_sequence<int, 4>());
}

template <bool has_sign>
[[gnu::always_inline]] inline void encode_all(const float* __restrict in, float shrink, Bits move,
                                              Bits* __restrict out) {
  BASIN_INDEPENDENT
  for (std::size_t i = 0; i < words; ++i)
    [&]<int... lane>(std::integer_sequence<int, lane...>) __attribute__((always_inline)) {
      out[i] =
          (encode<has_sign, lane>(in[lane * words + i], shrink, random<cut>(lane * words + i, move)) | ...);
    }(std::make_integer_sequence<int, 4>());
}

// The bits of the largest magnitude, and whether any number is negative.
struct Survey {
  [[gnu::always_inline]] explicit Survey(const float* in) {
    std::int32_t positive = 0;
    Bits negative = 0;
    for (std::size_t i = 0; i < slot_block_size; ++i) {
      positive = std::max(positive, std::bit_cast<std::int32_t>(in[i]));
      negative = std::max(negative, std::bit_cast<Bits>(in[i]));
    }
    has_sign = (negative & sign) != 0;
    largest = std::max(static_cast<Bits>(positive), negative & magnitude);
  }
  bool has_sign;
  Bits largest;
};

// The factors for codes, and for numbers before they become codes. With these, the largest number is at most
// the value of the last code.
struct Scale {
  [[gnu::always_inline]] explicit Scale(const Survey& of) {
    constexpr Bits below_2 = 0x3fffffffu;
    constexpr Bits signed_room = below_2 - std::bit_cast<Bits>(1.9375f - bend<true>);
    constexpr Bits room = below_2 - std::bit_cast<Bits>(1.9375f - bend<false>);
    const Bits octave = (of.largest + (of.has_sign ? signed_room : room)) >> 23;
    if (octave == 0) return;
    finite = octave <= 253;
    grow = std::bit_cast<float>(octave << 23);
    shrink = std::bit_cast<float>((254 - octave) << 23);
  }
  float grow = 0, shrink = 0;
  bool finite = true;
};

struct EightBit {
  using Block = SlotBlock;

  [[gnu::always_inline]] static inline void unpack_all(const SlotBlock& in, float* out) {
    if (std::bit_cast<Bits>(in.scale) & sign)
      decode_all<false>(in.codes.data(), -in.scale, out);
    else
      decode_all<true>(in.codes.data(), in.scale, out);
  }
  [[gnu::always_inline]] static inline void pack_all(const float* in, Bits move, SlotBlock& out) {
    const Survey seen(in);
    const Scale scale(seen);
    if (!scale.finite) {
      out.codes.fill(0);
      out.scale = std::bit_cast<float>(0x7fc00000u);
    } else if (seen.has_sign) {
      encode_all<true>(in, scale.shrink, move, out.codes.data());
      out.scale = scale.grow;
    } else {
      encode_all<false>(in, scale.shrink, move, out.codes.data());
      out.scale = -scale.grow;
    }
  }

  [[gnu::always_inline]] static inline void unpack(std::size_t within, std::size_t n, const SlotBlock& in,
                                                   float* out) {
    if (n == slot_block_size) return unpack_all(in, out);
    std::array<float, slot_block_size> all;
    unpack_all(in, all.data());
    std::copy_n(all.begin() + within, n, out);
  }
  [[gnu::always_inline]] static inline void pack(std::size_t n, const float* in, Bits move, SlotBlock& out) {
    if (n == slot_block_size) return pack_all(in, move >> (32 - cut), out);
    std::array<float, slot_block_size> all{};
    std::copy_n(in, n, all.begin());
    pack_all(all.data(), move >> (32 - cut), out);
  }
};

// --- many blocks

// Calls visit(block, first in it, count, how many before) for the numbers [first, first + n).
template <class Visit>
[[gnu::always_inline]] inline void each_block(std::size_t first, std::size_t n, const Visit& visit) {
  for (std::size_t done = 0; done < n;) {
    const std::size_t at = first + done, within = at % slot_block_size;
    const std::size_t count = std::min(slot_block_size - within, n - done);
    visit(at / slot_block_size, within, count, done);
    done += count;
  }
}

template <class Format>
struct UnpackBody {
  [[gnu::always_inline]] static inline void run(const void* slot, std::size_t first, std::size_t n,
                                                float* out) {
    const auto* const blocks = static_cast<const typename Format::Block*>(slot);
    each_block(
        first, n,
        [&](std::size_t block, std::size_t within, std::size_t count, std::size_t done)
            __attribute__((always_inline)) { Format::unpack(within, count, blocks[block], out + done); });
  }
};

template <class Format>
struct PackBody {
  [[gnu::always_inline]] static inline void run(void* slot, const RoundingKey& key, std::size_t number,
                                                std::size_t first, std::size_t n, const float* in) {
    auto* const blocks = static_cast<typename Format::Block*>(slot);
    each_block(first, n,
               [&](std::size_t block, std::size_t, std::size_t count, std::size_t done)
                   __attribute__((always_inline)) {
                     Format::pack(count, in + done, moved(key, number, block), blocks[block]);
                   });
  }
};

template <class Format>
constexpr auto& unpacks =
    PerIsa<UnpackBody<Format>, void(const void*, std::size_t, std::size_t, float*)>::table;
template <class Format>
constexpr auto& packs = PerIsa<PackBody<Format>, void(void*, const RoundingKey&, std::size_t, std::size_t,
                                                      std::size_t, const float*)>::table;

constexpr std::array<std::string_view, 3> names{"", "bfloat16", "8bit"};

}  // namespace

std::string_view name_of(SlotFormat format) { return names[static_cast<std::size_t>(format)]; }

SlotFormat slot_format_named(std::string_view name) {
  const auto found = std::find(names.begin() + 1, names.end(), name);
  if (found == names.end())
    throw InputError(
        unknown("format of slots", name, std::vector<std::string>(names.begin() + 1, names.end())));
  return static_cast<SlotFormat>(found - names.begin());
}

void unpack(const PackedSlot& slot, Isa isa, std::size_t first, std::size_t n, float* out) {
  const auto& table = slot.format == SlotFormat::eight_bit ? unpacks<EightBit> : unpacks<Halves>;
  table[static_cast<std::size_t>(isa)](slot.at, first, n, out);
}

void pack(const PackedSlot& slot, Isa isa, const RoundingKey& key, std::size_t first, std::size_t n,
          const float* in) {
  const auto& table = slot.format == SlotFormat::eight_bit ? packs<EightBit> : packs<Halves>;
  table[static_cast<std::size_t>(isa)](slot.at, key, slot.number, first, n, in);
}

}  // namespace basin::kernels
