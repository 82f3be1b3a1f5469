// Chains known at compile time give the bits of those written as text: through the optimizer's run-time
// chain, and as one fused loop.
#include <gtest/gtest.h>

#include "basin/kernels/compile.hpp"
#include "basin/rules/links.hpp"
#include "basin/rules/rules.hpp"
#include "tests/kernels/bed.hpp"

namespace basin::kernels {
namespace {

using namespace rules;
using namespace links;

template <class T>
std::vector<T> after_steps(const kernels::Chain& chain) {
  Bed<T> bed(chain, {3'000, 7, 0, 20'001});
  bed.run(20, {});
  return bed.everything();
}

template <class T>
void expect_same_bits(const kernels::Chain& a, const kernels::Chain& b) {
  EXPECT_TRUE(same_bits(after_steps<T>(a), after_steps<T>(b))) << a.text();
}

template <class C>
void expect_same_bits(const C& chain, std::string_view text) {
  const auto by_name = kernels::Chain::parse(text);
  expect_same_bits<float>(chain, by_name);
  expect_same_bits<double>(chain, by_name);
  if constexpr (Rule<C>) {
    expect_same_bits<float>(kernels::AnyRule(chain), by_name);
    expect_same_bits<double>(kernels::AnyRule(chain), by_name);
  }
}

TEST(StaticChain, FusesWhatWorksElementByElement) {
  expect_same_bits(rules::Chain<AdamW>{}, "adamw");
  expect_same_bits(rules::Chain<ClipByValue, AdamW>{{}, {.limit = 0.1}}, "clip_value:0.1+adamw");
  expect_same_bits(rules::Chain<Maximize, ClipByValue, L2, Sgd>{{}, {}, {.limit = 0.2}, {.weight = 0.01}},
                   "maximize+clip_value:0.2+l2:0.01+sgd");
  expect_same_bits(rules::Chain<ClipByValue, Adam, WeightDecay>{{}, {.limit = 0.3}, {.weight = 0.1}},
                   "clip_value:0.3+adam+decay:0.1");
  expect_same_bits(rules::Chain<L1, NAdam>{}, "l1+nadam");
  expect_same_bits(rules::Chain<ClipByValue, ScheduleFreeAdamW>{}, "clip_value+schedule_free_adamw");
  static_assert(Rule<rules::Chain<ClipByValue, Adam, WeightDecay>>);
}

TEST(StaticChain, GoesThroughStagesWhereALinkNeedsSums) {
  expect_same_bits(rules::Chain<ClipByGlobalNorm, AdamW>{{}, {.max_norm = 0.5}},
                   "clip_global_norm:0.5+adamw");
  expect_same_bits(rules::Chain<Centralize, Adam, TrustRatio>{}, "centralize+adam+trust_ratio");
  expect_same_bits(rules::Chain<GradientNoise, Sgd>{}, "noise+sgd");
  static_assert(!Rule<rules::Chain<ClipByGlobalNorm, AdamW>>);
}

TEST(StaticChain, KnowsTheKnobsOfItsParts) {
  using Mine = rules::Chain<ClipByValue, Adam, WeightDecay>;
  EXPECT_EQ(Mine::name, "clip_value+adam+decay");
  EXPECT_EQ(Mine::knob_names.front(), "lr");
  EXPECT_EQ(Mine::knob_names.back(), "weight");
  AnyRule rule{Mine{}};
  rule.set("limit", 0.25);
  EXPECT_EQ(rule.get("limit"), 0.25);
  EXPECT_THROW(rule.set("beta1", 1), InputError);
  EXPECT_THROW(AnyRule(Mine{{.lr = -1}}), InputError);
}

}  // namespace
}  // namespace basin::kernels
