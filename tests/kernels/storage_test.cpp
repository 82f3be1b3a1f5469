#include "basin/kernels/storage.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numeric>

#include "basin/kernels/subnormal.hpp"
#include "tests/kernels/packed_bed.hpp"

namespace basin::kernels {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();

// The value of a pattern, by the definition of the format.
double meaning(Format format, Half h) {
  const int exponent_bits = format == Format::bfloat16 ? 8 : 5, fraction_bits = 15 - exponent_bits;
  const int top = (1 << exponent_bits) - 1, bias = top / 2;
  const int exponent = h >> fraction_bits & top, fraction = h & ((1 << fraction_bits) - 1);
  const double sign = h & 0x8000 ? -1 : 1;
  if (exponent == top) return fraction ? std::nan("") : sign * unbounded;
  const double mantissa = fraction + (exponent > 0 ? 1 << fraction_bits : 0);
  return sign * std::ldexp(mantissa, std::max(exponent, 1) - bias - fraction_bits);
}

std::vector<Half> every_pattern() {
  std::vector<Half> all(65'536);
  std::iota(all.begin(), all.end(), Half{0});
  return all;
}

std::vector<Isa> isas_here() {
  std::vector<Isa> out;
  for (const Isa isa : isas)
    if (isa <= best_isa()) out.push_back(isa);
  return out;
}

class Storage : public testing::TestWithParam<Format> {
 protected:
  std::vector<float> unpacked(const std::vector<Half>& in, Isa isa = best_isa()) const {
    std::vector<float> out(in.size());
    unpack(GetParam(), isa, in.size(), in.data(), out.data());
    return out;
  }
  std::vector<Half> packed(const std::vector<float>& in, Isa isa = best_isa()) const {
    std::vector<Half> out(in.size());
    pack(GetParam(), isa, in.size(), in.data(), out.data());
    return out;
  }
};

TEST_P(Storage, EveryPatternMeansWhatItsFormatSays) {
  const FlushSubnormals as_in_a_step;
  const auto all = every_pattern();
  for (const Isa isa : isas_here()) {
    const auto values = unpacked(all, isa);
    for (const Half h : all) {
      const double expected = meaning(GetParam(), h);
      if (std::isnan(expected))
        EXPECT_TRUE(std::isnan(values[h])) << h;
      else if (expected != 0 && std::abs(expected) < 0x1p-126)
        EXPECT_EQ(std::bit_cast<std::uint32_t>(values[h]), std::uint32_t{h} << 16) << "a subnormal bfloat16";
      else
        EXPECT_EQ(values[h], expected) << h;
    }
  }
}

TEST_P(Storage, EveryPatternComesBack) {
  const FlushSubnormals as_in_a_step;
  const auto all = every_pattern();
  for (const Isa isa : isas_here()) {
    const auto again = packed(unpacked(all, isa), isa);
    for (const Half h : all) {
      if (std::isnan(meaning(GetParam(), h)))
        EXPECT_TRUE(std::isnan(meaning(GetParam(), again[h])) && (again[h] & 0x8000) == (h & 0x8000)) << h;
      else
        EXPECT_EQ(again[h], h);
    }
  }
}

// Between each pattern and the next: just below the middle, the middle, and just above it.
TEST_P(Storage, RoundsToNearestAndTiesToEven) {
  const FlushSubnormals as_in_a_step;
  const Half infinity = GetParam() == Format::bfloat16 ? 0x7f80 : 0x7c00;
  const Half first = GetParam() == Format::bfloat16 ? 0x0080 : 0;  // bfloat16's subnormals are float's
  std::vector<float> values;
  std::vector<Half> expected;
  for (Half h = first; h + 1 < infinity; ++h) {
    const auto middle =
        static_cast<float>((meaning(GetParam(), h) + meaning(GetParam(), static_cast<Half>(h + 1))) / 2);
    for (const float sign : {1.f, -1.f}) {
      const Half side = sign < 0 ? 0x8000 : 0;
      const auto expect = [&](float v, int pattern) {
        values.push_back(sign * v);
        expected.push_back(static_cast<Half>(pattern | side));
      };
      expect(std::nextafter(middle, 0.f), h);
      expect(middle, h % 2 == 0 ? h : h + 1);
      expect(std::nextafter(middle, infinite), h + 1);
    }
  }
  for (const Isa isa : isas_here()) EXPECT_EQ(packed(values, isa), expected);
}

TEST_P(Storage, WhatIsTooLargeBecomesInfinity) {
  const Half infinity = GetParam() == Format::bfloat16 ? 0x7f80 : 0x7c00;
  const float most = static_cast<float>(meaning(GetParam(), static_cast<Half>(infinity - 1)));
  const float half_a_unit_more = most + (GetParam() == Format::bfloat16 ? 0x1p119f : 16);
  EXPECT_EQ(packed({most, half_a_unit_more, std::numeric_limits<float>::max(), infinite, -infinite}),
            (std::vector<Half>{static_cast<Half>(infinity - 1), infinity, infinity, infinity,
                               static_cast<Half>(infinity | 0x8000)}));
}

INSTANTIATE_TEST_SUITE_P(Formats, Storage, testing::Values(Format::bfloat16, Format::float16),
                         [](const auto& format) {
                           return format.param == Format::bfloat16 ? "bfloat16" : "float16";
                         });

TEST(StochasticRounding, IsRightOnAverage) {
  constexpr std::size_t n = 1 << 20;
  const float low = 1, unit = 0x1p-7f;
  for (const float part : {0.1f, 0.5f, 0.9f}) {
    std::vector<Half> out(n);
    pack_stochastically({1, 2, 3}, 0, n, std::vector<float>(n, low + part * unit).data(), out.data());
    double up = 0;
    for (const Half h : out) {
      ASSERT_TRUE(h == 0x3f80 || h == 0x3f81) << "neither neighbour";
      up += h == 0x3f81;
    }
    // Binomial: 5 standard deviations are exceeded once in 3.5 million, and the numbers are always the same.
    // The 16 random bits truncate the share to a multiple of 2^-16.
    EXPECT_NEAR(up / n, part, 5 * std::sqrt(part * (1 - part) / n) + 0x1p-16);
  }
}

TEST(StochasticRounding, KeepsWhatNeedsNoRounding) {
  const std::vector<float> exact{0, 1, -2.5f, 0x1p100f, infinite, -infinite};
  std::vector<Half> out(exact.size()), nearest(exact.size());
  pack_stochastically({1, 2, 3}, 5, exact.size(), exact.data(), out.data());
  pack(Format::bfloat16, best_isa(), exact.size(), exact.data(), nearest.data());
  EXPECT_EQ(out, nearest);
}

constexpr std::size_t awkward = 7 * 2'999;  // rows and blocks that do not align

TEST(PackedStep, EqualsAStepInFloatThatIsRounded) {
  std::vector<std::string> chains{"clip_global_norm:1+adamw+cautious", "centralize+momentum", "noise+sgd",
                                  "agc+lamb"};
  for (const RuleInfo& info : catalogue()) chains.push_back(info.name);
  for (const std::string& text : chains)
    for (const Format format : {Format::bfloat16, Format::float16}) {
      PackedBed packed(text, format, awkward), wide(text, format, awkward);
      for (Step t = 1; t <= 5; ++t) {
        packed.draw_gradients(t), wide.draw_gradients(t);
        packed.step(t), wide.step_in_float(t);
      }
      EXPECT_EQ(packed.weights, wide.weights) << text;
      for (std::size_t i = 0; i < packed.slots.size(); ++i)
        EXPECT_TRUE(same_bits(packed.slots[i], wide.slots[i])) << text;
    }
}

TEST(PackedStep, ThreadsAndInstructionSetsDoNotChangeTheBits) {
  const auto run = [](const Execution& how) {
    PackedBed bed("clip_global_norm:1+adamw", Format::bfloat16, 7 * 29'999);
    for (Step t = 1; t <= 3; ++t) bed.draw_gradients(t), bed.step(t, how);
    return bed.weights;
  };
  const auto expected = run({.rounding_seed = 9});
  EXPECT_NE(expected, run({.rounding_seed = 10}));
  for (const Isa isa : isas_here())
    for (const std::size_t threads : {1u, 2u, 3u}) {
      Execution how = on_threads(threads, isa);
      how.rounding_seed = 9;
      EXPECT_EQ(expected, run(how));
    }
}

// 1,000 steps of a hundredth of a unit each: rounded to nearest, every one of them is lost.
TEST(PackedStep, SmallUpdatesSurviveWithStochasticRoundingOnly) {
  const auto mean_after = [](std::optional<std::uint64_t> seed) {
    PackedBed bed("sgd", Format::bfloat16, 4'096);
    bed.chain.rule.set("lr", 0x1p-8 / 100);  // a unit just below 1 is 2^-8
    std::ranges::fill(bed.weights, Half{0x3f80});
    std::ranges::fill(bed.gradients, Half{0x3f80});
    for (Step t = 1; t <= 1'000; ++t) bed.step(t, {.rounding_seed = seed});
    double sum = 0;
    for (const Half h : bed.weights) sum += meaning(Format::bfloat16, h);
    return sum / static_cast<double>(bed.weights.size());
  };
  EXPECT_EQ(mean_after(std::nullopt), 1);
  // Each weight deviates by about sqrt(10) units, their mean by sqrt(10 / 4,096) of one.
  EXPECT_NEAR(mean_after(7), 1 - 10 * 0x1p-8, 5 * 0x1p-8 * std::sqrt(10.0 / 4'096));
}

}  // namespace
}  // namespace basin::kernels
