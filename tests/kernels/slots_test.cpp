#include "basin/kernels/slots.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "basin/kernels/subnormal.hpp"
#include "tests/kernels/bed.hpp"

namespace basin::kernels {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr std::array formats{SlotFormat::bfloat16, SlotFormat::eight_bit};

std::vector<Isa> isas_here() {
  std::vector<Isa> out;
  for (const Isa isa : isas)
    if (isa <= best_isa()) out.push_back(isa);
  return out;
}

// One slot with its own memory.
struct Kept {
  Kept(SlotFormat f, std::size_t n) : format(f), size(n), blocks((n + 255) / 256), halves(n) {}
  PackedSlot slot() {
    return {format, format == SlotFormat::eight_bit ? static_cast<void*>(blocks.data()) : halves.data(), 1};
  }
  void keep(const std::vector<float>& values, const RoundingKey& key = {1, 2, 3}, Isa isa = best_isa()) {
    pack(slot(), isa, key, 0, size, values.data());
  }
  std::vector<float> read(Isa isa = best_isa()) {
    std::vector<float> out(size);
    unpack(slot(), isa, 0, size, out.data());
    return out;
  }
  bool operator==(const Kept& other) const {
    return halves == other.halves &&
           std::memcmp(blocks.data(), other.blocks.data(), blocks.size() * sizeof(SlotBlock)) == 0;
  }

  SlotFormat format;
  std::size_t size;
  std::vector<SlotBlock> blocks;
  std::vector<std::uint16_t> halves;
};

std::vector<float> kept(SlotFormat format, const std::vector<float>& values,
                        const RoundingKey& key = {1, 2, 3}) {
  Kept slot(format, values.size());
  slot.keep(values, key);
  return slot.read();
}

// Numbers of all sizes within a few octaves, or of one sign.
std::vector<float> numbers(std::size_t n, bool with_signs) {
  Stream random(4, 0, "numbers");
  std::vector<float> out(n);
  for (float& v : out) {
    v = static_cast<float>(std::exp(-9 * random.uniform()));
    if (random.uniform() < 0.5 && with_signs) v = -v;
  }
  return out;
}

// The value of an 8-bit code, by the definition of the format.
double meaning(unsigned code, bool has_sign, double scale) {
  const unsigned place = has_sign ? code & 0x7f : code;
  const double c = has_sign ? 0x1p-7 : 0x1p-15;  // numbers lie in [0, 2) times the scale
  const double size = c * (std::ldexp(1 + place % 16 / 16.0, static_cast<int>(place / 16)) - 1);
  return (has_sign && code & 0x80 ? -size : size) * scale;
}

SlotBlock block_of_all_codes(float scale) {
  SlotBlock out{{}, scale};
  for (std::uint32_t i = 0; i < 256; ++i) out.codes[i % 64] |= i << (i / 64 * 8);
  return out;
}

TEST(EightBitSlots, CodesMeanWhatTheFormatSays) {
  for (const float scale : {1.f, 0x1p-100f, 0x1p100f})
    for (const bool has_sign : {true, false})
      for (const Isa isa : isas_here()) {
        Kept slot(SlotFormat::eight_bit, 256);
        slot.blocks[0] = block_of_all_codes(has_sign ? scale : -scale);
        const std::vector<float> values = slot.read(isa);
        for (unsigned code = 0; code < 256; ++code)
          EXPECT_EQ(values[code], meaning(code, has_sign, scale)) << code;
      }
}

TEST(EightBitSlots, EveryCodeComesBackWhateverTheRandomNumbers) {
  const FlushSubnormals as_in_a_step;
  for (const float scale : {1.f, -1.f, 0x1p-100f, -0x1p100f}) {
    Kept slot(SlotFormat::eight_bit, 256);
    slot.blocks[0] = block_of_all_codes(scale);
    const std::vector<float> before = slot.read();
    for (std::uint64_t step = 1; step <= 50; ++step) {
      slot.keep(slot.read(), {1, 2, step});
      ASSERT_TRUE(same_bits(slot.read(), before)) << scale;
    }
  }
}

TEST(Bfloat16Slots, EveryPatternComesBackWhateverTheRandomNumbers) {
  Kept slot(SlotFormat::bfloat16, 65'536);
  for (std::size_t i = 0; i < slot.size; ++i) slot.halves[i] = static_cast<std::uint16_t>(i);
  const auto before = slot.halves;
  for (std::uint64_t step = 1; step <= 10; ++step) {
    slot.keep(slot.read(), {1, 2, step});
    ASSERT_EQ(slot.halves, before);
  }
}

// Both neighbours are within one unit: 1/128 of a bfloat16; in 8 bits, 1/16 of a number, or of c for smaller
// ones.
TEST(Slots, BecomeOneOfTheirNeighbours) {
  for (const bool with_signs : {false, true}) {
    const std::vector<float> values = numbers(256 * 50, with_signs);
    const double c = with_signs ? 0x1p-7 : 0x1p-15;
    const std::vector<float> halves = kept(SlotFormat::bfloat16, values),
                             bytes = kept(SlotFormat::eight_bit, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double size = std::abs(values[i]);
      EXPECT_LE(apart(halves[i], values[i]), size / 128);
      EXPECT_LE(apart(bytes[i], values[i]), (size + c) / 16);
    }
  }
}

// The golden-ratio sequence: of N roundings, the share rounded up is accurate to log(N)/N instead of
// 1/sqrt(N).
TEST(Slots, AreRightOnAverageOverSteps) {
  constexpr int steps = 4'096;
  for (const SlotFormat format : formats)
    for (const bool with_signs : {false, true}) {
      const std::vector<float> values = numbers(512, with_signs);
      std::vector<double> sums(values.size());
      for (std::uint64_t step = 1; step <= steps; ++step) {
        const std::vector<float> once = kept(format, values, {1, 2, step});
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += once[i];
      }
      for (std::size_t i = 0; i < sums.size(); ++i) {
        const double unit = (std::abs(values[i]) + 0x1p-7) / 16;
        EXPECT_NEAR(sums[i] / steps, values[i], unit * 0.01);
      }
    }
}

TEST(Slots, AreRightOnAverageOverWeights) {
  constexpr std::size_t n = 1 << 20;
  for (const float part : {0.1f, 0.5f, 0.9f}) {
    const float unit = 0x1p-7f, unit_of_8 = 0x1p-5f;  // just above 1 and, for 8 bits, just above 1/2
    double halves = 0, bytes = 0;
    for (const float v : kept(SlotFormat::bfloat16, std::vector<float>(n, 1 + part * unit)))
      halves += (v - 1) / unit;
    const float code = 0.5f - 0x1p-16f;
    for (const float v : kept(SlotFormat::eight_bit, std::vector<float>(n, code + part * unit_of_8)))
      bytes += (v - code) / unit_of_8;
    // Blocks share their random numbers except for their starting point: 5 standard deviations for as many
    // blocks.
    const double bound = 5 * std::sqrt(part * (1 - part) / (n / 256.0));
    EXPECT_NEAR(halves / n, part, bound);
    EXPECT_NEAR(bytes / n, part, bound);
  }
}

// Rounded to nearest, a mean with a share of 1/1000 would never move. The unit is that of numbers from 2 to
// 4. Random numbers of successive steps depend on each other and may cause an error of one unit; about half
// is observed.
TEST(Slots, FollowAMeanThatMovesByLessThanHalfAUnit) {
  for (const SlotFormat format : formats) {
    Kept slot(format, 512);
    slot.keep(std::vector<float>(512, 1));
    for (std::uint64_t step = 1; step <= 2'000; ++step) {
      std::vector<float> values = slot.read();
      for (float& v : values) v += 0.001f * (3 - v);
      slot.keep(values, {1, 2, step});
    }
    double mean = 0;
    for (const float v : slot.read()) mean += v / 512;
    const double unit = format == SlotFormat::bfloat16 ? 0x1p-6 : 0x1p-3;
    EXPECT_NEAR(mean, 3 - 2 * std::pow(0.999, 2'000), unit) << name_of(format);
  }
}

TEST(Slots, DependOnSeedParameterSlotAndStep) {
  const std::vector<float> values = numbers(256, true);
  for (const SlotFormat format : formats) {
    const auto expected = kept(format, values, {1, 2, 3});
    EXPECT_EQ(expected, kept(format, values, {1, 2, 3}));
    for (const RoundingKey& other : {RoundingKey{9, 2, 3}, RoundingKey{1, 9, 3}, RoundingKey{1, 2, 9}})
      EXPECT_NE(expected, kept(format, values, other));
    Kept another(format, 256);
    PackedSlot second = another.slot();
    ++second.number;
    pack(second, best_isa(), {1, 2, 3}, 0, 256, values.data());
    EXPECT_NE(expected, another.read());
  }
}

TEST(Slots, InstructionSetsAndSplitsDoNotChangeTheBits) {
  const FlushSubnormals as_in_a_step;
  for (const SlotFormat format : formats)
    for (const std::size_t n : {1u, 255u, 256u, 257u, 1'000u, 5'000u}) {
      const std::vector<float> values = numbers(n, n % 2 == 0);
      Kept expected(format, n);
      expected.keep(values, {1, 2, 3}, Isa::baseline);
      for (const Isa isa : isas_here()) {
        Kept whole(format, n), split(format, n);
        whole.keep(values, {1, 2, 3}, isa);
        EXPECT_EQ(whole, expected);
        for (std::size_t at = 0; at < n; at += 512)
          pack(split.slot(), isa, {1, 2, 3}, at, std::min<std::size_t>(512, n - at), values.data() + at);
        EXPECT_EQ(split, expected);
        std::vector<float> pieces(n);
        for (std::size_t at = 0; at < n; at += 100)  // parts of blocks can be read, too
          unpack(split.slot(), isa, at, std::min<std::size_t>(100, n - at), pieces.data() + at);
        EXPECT_TRUE(same_bits(pieces, expected.read(Isa::baseline)));
      }
    }
}

TEST(EightBitSlots, WhatIsNotFiniteIsSeenInItsWholeBlockAndNowhereElse) {
  for (const float wrong : {std::nanf(""), infinite, -infinite, 1.7e38f}) {
    std::vector<float> values(3 * 256, 1);
    values[300] = wrong;
    const std::vector<float> out = kept(SlotFormat::eight_bit, values);
    for (std::size_t i = 0; i < out.size(); ++i)
      EXPECT_EQ(std::isnan(out[i]), i / 256 == 1) << wrong << " at " << i;
  }
}

TEST(Bfloat16Slots, KeepWhatIsNotFinite) {
  const std::vector<float> values{std::nanf(""), std::bit_cast<float>(0xffffffffu), infinite, -infinite, 1};
  const std::vector<float> out = kept(SlotFormat::bfloat16, values);
  EXPECT_TRUE(std::isnan(out[0]) && std::isnan(out[1]));
  EXPECT_EQ(out[2], infinite);
  EXPECT_EQ(out[3], -infinite);
}

TEST(EightBitSlots, ZerosAndTheSmallestNumbers) {
  const FlushSubnormals as_in_a_step;
  EXPECT_EQ(kept(SlotFormat::eight_bit, std::vector<float>(300, 0)), std::vector<float>(300, 0));
  std::vector<float> values(256, 1e-20f);
  values[0] = 1, values[1] = 0;
  const std::vector<float> out = kept(SlotFormat::eight_bit, values);
  EXPECT_EQ(out[1], 0);
  for (std::size_t i = 2; i < 256; ++i)
    EXPECT_GT(out[i], 0) << "a second moment that becomes 0 is divided by";
  const std::vector<float> tiny(256, 4 * std::numeric_limits<float>::min());
  for (const float v : kept(SlotFormat::eight_bit, tiny)) EXPECT_NEAR(v / tiny[0], 1, 1.0 / 16);
}

TEST(SlotFormats, HaveNames) {
  for (const SlotFormat format : formats) EXPECT_EQ(slot_format_named(name_of(format)), format);
  EXPECT_THROW(slot_format_named(""), InputError);
}

// --- steps

// One parameter with packed slots, and a twin whose slots are floats between packings.
struct SlotBed {
  SlotBed(const std::string& text, std::size_t n) : chain(Chain::parse(text)), weights(n), gradients(n) {
    Stream random(1, 0, "weights");
    for (float& v : weights) v = static_cast<float>(random.uniform() - 0.5);
    const AnyRule& rule = chain.rule;
    for (std::size_t i = 0; i < rule.slot_count(); ++i) {
      const std::vector<float> start(n, static_cast<float>(rule.initial(i)));
      floats.push_back(rule.table().starts_as_weight(i) ? weights : start);
      packed.emplace_back(rule.slot_format(i), n);
    }
    pack_all(0);
    numbers.assign(rule.table().numbers, 1.0);
  }
  bool is_packed(std::size_t i) const { return packed[i].format != SlotFormat::native; }
  PackedSlot slot(std::size_t i) { return {packed[i].format, packed[i].slot().at, i}; }
  void pack_all(Step t) {
    for (std::size_t i = 0; i < packed.size(); ++i)
      if (is_packed(i))
        pack(slot(i), best_isa(), {0, 5, static_cast<std::uint64_t>(t)}, 0, weights.size(), floats[i].data());
  }
  void unpack_all() {
    for (std::size_t i = 0; i < packed.size(); ++i)
      if (is_packed(i)) unpack(slot(i), best_isa(), 0, weights.size(), floats[i].data());
  }
  void draw_gradients(Step t) {
    Stream random(2, 0, "gradients", static_cast<std::uint64_t>(t));
    for (float& v : gradients) v = static_cast<float>(random.uniform() - 0.4);
  }
  Leaf<float> leaf(Step t) {
    Leaf<float> out{{weights.data(), gradients.data(), {}, weights.size()}, t};
    out.numbers = numbers;
    out.number = 5;
    out.rows = 7;
    return out;
  }
  void step(Step t, const Execution& how = {}) {
    Leaf<float> only = leaf(t);
    for (std::size_t i = 0; i < packed.size(); ++i) {
      if (!is_packed(i)) only.tile.slots[i] = floats[i].data();
      if (is_packed(i)) only.packed_slots.format = packed[i].format, only.packed_slots.slots[i] = slot(i).at;
    }
    driver.step(chain, {&only, 1}, how);
  }
  void step_in_float(Step t) {
    const FlushSubnormals as_in_a_step;
    Leaf<float> only = leaf(t);
    unpack_all();
    for (std::size_t i = 0; i < packed.size(); ++i) only.tile.slots[i] = floats[i].data();
    driver.step(chain, {&only, 1}, {});
    pack_all(t);
  }

  Chain chain;
  std::vector<float> weights, gradients;
  std::vector<std::vector<float>> floats;
  std::vector<Kept> packed;
  std::vector<double> numbers;
  Driver<float> driver;
};

constexpr std::size_t awkward = 7 * 2'999;  // rows and blocks that do not align

// Rules of every kind, and links that scale, that run in cache, and that sum over rows, tensors and
// everything, before and after.
std::vector<std::string> chains() {
  std::vector<std::string> out;
  for (const RuleInfo& info : catalogue())
    if (!Chain::parse(info.name).rule.table().by_matrix) out.push_back(info.name);
  for (const char* chain :
       {"clip_global_norm:1+adamw@+cautious", "centralize+momentum@", "noise+lion@", "agc+adamw@+trust_ratio",
        "agc+rprop@", "agc+prodigy@", "centralize+adam@+cautious"})
    out.push_back(chain);
  for (std::string& chain : out)
    if (chain.find('@') == std::string::npos) chain += "@";
  return out;
}
std::string in(SlotFormat format, std::string chain) {
  return chain.insert(chain.find('@') + 1, name_of(format));
}

TEST(PackedSlotsStep, EqualsAStepInFloatWhoseSlotsArePacked) {
  for (const std::string& chain : chains())
    for (const SlotFormat format : formats) {
      SlotBed packed(in(format, chain), awkward), wide(in(format, chain), awkward);
      for (Step t = 1; t <= 4; ++t) {
        packed.draw_gradients(t), wide.draw_gradients(t);
        packed.step(t), wide.step_in_float(t);
      }
      EXPECT_TRUE(same_bits(packed.weights, wide.weights)) << in(format, chain);
      EXPECT_EQ(packed.numbers, wide.numbers) << in(format, chain);
      EXPECT_TRUE(packed.packed == wide.packed) << in(format, chain);
    }
}

TEST(PackedSlotsStep, ThreadsAndInstructionSetsDoNotChangeTheBits) {
  for (const std::string chain : {"adamw@8bit", "clip_global_norm:1+lion@bfloat16", "agc+momentum@8bit"}) {
    const auto run = [&](const Execution& how) {
      SlotBed bed(chain, 7 * 29'999);
      for (Step t = 1; t <= 3; ++t) bed.draw_gradients(t), bed.step(t, how);
      return bed;
    };
    const SlotBed expected = run({});
    EXPECT_FALSE(run({.rounding_seed = 10}).packed == expected.packed);
    for (const Isa isa : isas_here())
      for (const std::size_t threads : {1u, 2u, 3u}) {
        const SlotBed other = run(on_threads(threads, isa));
        EXPECT_TRUE(same_bits(other.weights, expected.weights)) << chain;
        EXPECT_TRUE(other.packed == expected.packed) << chain;
      }
  }
}

TEST(PackedSlotsStep, ComesToWhereFloatsCome) {
  for (const char* rule : {"adamw", "lion", "momentum"})
    for (const SlotFormat format : formats) {
      const auto run = [](const std::string& text) {
        SlotBed bed(text, 2'000);
        for (Step t = 1; t <= 2'000; ++t) {  // a quadratic bowl around 1/2, steeper from weight to weight
          bed.chain.rule.set("lr", t < 1'000 ? 0.01 : 0.0005);
          for (std::size_t i = 0; i < bed.weights.size(); ++i)
            bed.gradients[i] = (bed.weights[i] - 0.5f) * (0.1f + 0.9f * static_cast<float>(i) / 2'000);
          bed.step(t);
        }
        double worst = 0;
        for (const float x : bed.weights) worst = std::max(worst, apart(x, 0.5));
        return worst;
      };
      const std::string text = std::string(rule) + "@" + std::string(name_of(format));
      EXPECT_LT(run(text), run(rule) + 0.01) << text;
    }
}

}  // namespace
}  // namespace basin::kernels
