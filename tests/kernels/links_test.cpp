// Every link in a chain x every promise: a chain composed at run time gives the same bits for any split and
// instruction set, and its links do what their papers say.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "tests/kernels/awkward.hpp"
#include "tests/kernels/bed.hpp"
#include "tests/refusal.hpp"
#include "tests/rules/link_oracles.hpp"

namespace basin::kernels {
namespace {

// Every link at least once; before and after the rule, around rules that return a direction and rules that
// move; sums over rows, tensors and everything in one chain.
const std::vector<std::string> chains{
    "maximize+lion",
    "skip_nonfinite+adadelta",
    "clip_value:0.2+adam",
    "clip_norm:0.5+momentum",
    "clip_global_norm:1+adamw",
    "agc:0.05+sgd",
    "lars_rate:0.05:0.01+momentum",
    "orthograd+adam",
    "centralize+nesterov",
    "noise:0.01:0.55:3+sgd",
    "l2:0.1+rmsprop",
    "l1:0.01+adagrad",
    "adam+decay:0.1",
    "rmsprop+l1_decay:0.01",
    "lamb",
    "lambc",
    "nvlamb",
    "momentum+trust_ratio:0.3",
    "adam+cautious",
    "clip_global_norm:1+rprop",
    "centralize+l2:0.01+schedule_free_adamw",
    "clip_value:0.3+clip_norm:1+heavy_ball",
    "clip_global_norm:2+nadam+decay:0.01",
    "skip_nonfinite+clip_global_norm:1+l1:0.001+agc:0.5+centralize+nadam+cautious+trust_ratio+decay:0.01",
};

class Links : public ::testing::TestWithParam<std::string> {
 protected:
  Links() { chain_.rule = test::awkward(chain_.rule); }
  Chain chain_ = Chain::parse(GetParam());
};

// Rows of 1,500 cross blocks; the first tensor is large enough for threads; one is empty.
const std::vector<std::size_t> sizes{100'003, 10'500, 0, 1, 33, 1024};

template <class T>
std::vector<T> after(const Chain& chain, const Execution& how, std::size_t misaligned = 0) {
  Bed<T> bed(chain, sizes, misaligned);
  bed.run(3, how);
  return bed.everything();
}

template <class T>
void expect_same_bits_everywhere(const Chain& chain) {
  const std::vector<T> reference = after<T>(chain, {.isa = Isa::baseline});
  for (const Isa isa : isas) {
    if (!machine_has(isa)) continue;
    EXPECT_TRUE(same_bits(reference, after<T>(chain, {.isa = isa}))) << name_of(isa);
    for (const std::size_t threads : {2, 3})
      EXPECT_TRUE(same_bits(reference, after<T>(chain, on_threads(threads, isa))))
          << name_of(isa) << " " << threads << " threads";
    EXPECT_TRUE(same_bits(reference, after<T>(chain, {.isa = isa}, 3))) << name_of(isa) << " misaligned";
  }
}

TEST_P(Links, GiveTheSameBitsForEveryIsaThreadAndAlignmentInFloat) {
  expect_same_bits_everywhere<float>(chain_);
}
TEST_P(Links, GiveTheSameBitsForEveryIsaThreadAndAlignmentInDouble) {
  expect_same_bits_everywhere<double>(chain_);
}

// Noise has a distribution instead of an oracle: GradientNoise.*, below.
std::vector<std::string> not_random() {
  std::vector<std::string> out;
  std::ranges::copy_if(chains, std::back_inserter(out),
                       [](const std::string& c) { return !c.starts_with("noise"); });
  return out;
}

// A chain of oracles: the links before the rule, the rule's own oracle, the links after it.
class OracleChain {
 public:
  OracleChain(const Chain& chain, std::vector<test::TensorAtWork> tensors)
      : chain_(chain), tensors_(std::move(tensors)) {
    memory_.resize(tensors_.size());
  }

  void step(int t) {
    for (const AnyLink& link : chain_.before)
      test::link_oracle(link.info().name)(tensors_, test::knobs_of(link));
    const test::Knobs knobs = test::knobs_of(chain_.rule);
    for (std::size_t p = 0; p < tensors_.size(); ++p) {
      auto& [x, g, u, rows] = tensors_[p];
      u = x;
      test::oracle(chain_.rule.info().name)(u, g, memory_[p], knobs, t);
      for (std::size_t i = 0; i < x.size(); ++i) u[i] = (x[i] - u[i]) / chain_.rule.lr();
    }
    for (const AnyLink& link : chain_.after)
      test::link_oracle(link.info().name)(tensors_, test::knobs_of(link));
    for (auto& [x, g, u, rows] : tensors_)
      for (std::size_t i = 0; i < x.size(); ++i) x[i] -= chain_.rule.lr() * u[i];
  }

  std::vector<test::TensorAtWork>& tensors() { return tensors_; }

 private:
  const Chain& chain_;
  std::vector<test::TensorAtWork> tensors_;
  std::vector<std::map<std::string, test::Vector>> memory_;
};

// As for the rules (conformance_test.cpp): a step rounds about 10 times, and sums of a few hundred terms
// about 10 times more.
class LinkOracles : public Links {};
TEST_P(LinkOracles, AreEqualedInDouble) {
  Bed<double> bed(chain_, {70, 1, 33, 700});
  std::vector<test::TensorAtWork> tensors;
  for (std::size_t p = 0; p < bed.count(); ++p)
    tensors.push_back({test::Vector(bed.weights(p), bed.weights(p) + bed.size(p)),
                       {},
                       {},
                       std::max<std::size_t>(bed.rows(p), 1)});
  OracleChain oracle(chain_, tensors);
  double worst = 0;
  for (Step t = 1; t <= 100; ++t) {
    bed.draw_gradients(t);
    for (std::size_t p = 0; p < bed.count(); ++p)
      oracle.tensors()[p].g.assign(bed.gradients(p), bed.gradients(p) + bed.size(p));
    oracle.step(static_cast<int>(t));
    bed.step(t);
    for (std::size_t p = 0; p < bed.count(); ++p)
      for (std::size_t i = 0; i < bed.size(p); ++i)
        worst = std::max(worst, apart(bed.weights(p)[i], oracle.tensors()[p].x[i]));
  }
  EXPECT_LT(worst, 1000 * std::numeric_limits<double>::epsilon());
}

TEST_P(Links, AreReadBackFromTheirText) { EXPECT_EQ(Chain::parse(chain_.text()).text(), chain_.text()); }

std::string test_name(const ::testing::TestParamInfo<std::string>& chain) {
  std::string name = chain.param;
  std::ranges::replace_if(name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Chains, Links, ::testing::ValuesIn(chains), test_name);
INSTANTIATE_TEST_SUITE_P(Chains, LinkOracles, ::testing::ValuesIn(not_random()), test_name);

TEST(LinksTest, NoLinkGoesWithoutATest) {
  std::set<std::string> seen, all;
  for (const std::string& text : chains) {
    const Chain chain = Chain::parse(text);
    for (const AnyLink& link : chain.before) seen.insert(link.info().name);
    for (const AnyLink& link : chain.after) seen.insert(link.info().name);
  }
  for (const LinkTable* table : link_tables()) all.insert(table->info.name);
  EXPECT_EQ(seen, all);
}

TEST(SkipNonFinite, LeavesEverythingAsItWasAndGoesOnAsIfNothingHadBeen) {
  for (const float poison :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    Bed<float> bed(Chain::parse("skip_nonfinite+nadam"), {64, 3}),
        clean(Chain::parse("skip_nonfinite+nadam"), {64, 3});
    bed.run(2, {});
    clean.run(2, {});
    bed.draw_gradients(3);
    bed.gradients(1)[2] = poison;
    EXPECT_FALSE(bed.step(3));
    EXPECT_TRUE(same_bits(bed.everything(), clean.everything()));
    bed.draw_gradients(3);
    clean.draw_gradients(3);
    EXPECT_TRUE(bed.step(3));
    EXPECT_TRUE(clean.step(3));
    EXPECT_TRUE(same_bits(bed.everything(), clean.everything()));
  }
}

// A NaN makes a norm NaN, which is neither small nor large: everything that the norm scales becomes NaN, as
// in PyTorch, instead of passing unscaled.
TEST(Norms, ShowANanToAllThatTheyScale) {
  for (const std::string text :
       {"clip_norm:1+sgd", "clip_global_norm:1+sgd", "unit_norm+sgd", "agc:0.05+sgd", "lars_rate+sgd",
        "orthograd+sgd", "sgd+trust_ratio", "sgd+trust_ratio:1", "novograd", "dog", "ldog", "d_adapt_sgd",
        "adam_graft_momentum", "mars", "came"}) {
    Bed<float> bed(Chain::parse(text), {35, 33});
    for (Step t = 1; t <= 3; ++t) {
      bed.draw_gradients(t);
      if (t == 1) bed.gradients(0)[10] = std::nanf("");  // in the third row of seven
      bed.step(t);
    }
    const Chain& chain = bed.chain();
    const auto scope = !chain.before.empty()  ? chain.before[0].info().scope
                       : !chain.after.empty() ? chain.after[0].info().scope
                                              : chain.rule.table().scope;
    for (std::size_t i = 0; i < 35; ++i)
      EXPECT_EQ(std::isnan(bed.weights(0)[i]), scope != Scope::row || i / 5 == 2) << text << " " << i;
    for (std::size_t i = 0; i < 33; ++i)
      EXPECT_EQ(std::isnan(bed.weights(1)[i]), scope == Scope::all) << text << " " << i;
  }
}

// What torch.nn.utils.clip_grad_norm_ does with them: zeros for finite gradients, NaN for the infinite one.
TEST(Norms, AnInfiniteGradientIsClippedAsInPyTorch) {
  for (const std::string text : {"clip_global_norm:1+sgd", "clip_norm:1+sgd"}) {
    Bed<float> bed(Chain::parse(text), {33});
    const std::vector<float> before(bed.weights(0), bed.weights(0) + 33);
    bed.draw_gradients(1);
    bed.gradients(0)[10] = std::numeric_limits<float>::infinity();
    bed.step(1);
    EXPECT_TRUE(std::isnan(bed.weights(0)[10])) << text;
    bed.weights(0)[10] = before[10];
    EXPECT_TRUE(std::ranges::equal(before, std::span(bed.weights(0), 33))) << text;
  }
}

TEST(Norms, StepsWithoutAFiniteNormAreLeftOutWhereThatIsAskedFor) {
  Bed<float> bed(Chain::parse("skip_nonfinite+clip_global_norm:1+adamw"), {35, 33});
  const std::vector<float> before = bed.everything();
  bed.draw_gradients(1);
  bed.gradients(0)[10] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(bed.step(1));
  EXPECT_TRUE(same_bits(bed.everything(), before));
}

// Returns what is added to a gradient of zero: with a rate of 1, the weights lose it.
std::vector<double> noise(const std::string& link, std::size_t count, Step t, std::size_t parameter = 0) {
  Chain chain = Chain::parse(link + "+sgd");
  chain.rule.set("lr", 1);
  Bed<double> bed(chain, {count, count});
  for (std::size_t p = 0; p < 2; ++p) std::fill_n(bed.weights(p), count, 0.0);
  bed.step(t);
  return {bed.weights(parameter), bed.weights(parameter) + count};
}

// 200,000 draws: the mean deviates by sd/sqrt(n), the variance by a share of sqrt(2/n); five times that is
// exceeded once in a million runs.
TEST(GradientNoise, HasTheMeanAndTheVarianceOfItsPaper) {
  constexpr std::size_t n = 200'000;
  for (const Step t : {1, 99}) {
    const std::vector<double> draws = noise("noise:0.04:0.5:1", n, t);
    const double variance = 0.04 / std::sqrt(1 + static_cast<double>(t));
    const double mean = std::accumulate(draws.begin(), draws.end(), 0.0) / n;
    const double square = std::inner_product(draws.begin(), draws.end(), draws.begin(), 0.0) / n;
    EXPECT_NEAR(mean, 0, 5 * std::sqrt(variance / n)) << t;
    EXPECT_NEAR(square, variance, 5 * variance * std::sqrt(2.0 / n)) << t;
  }
}

TEST(GradientNoise, DependsOnSeedParameterAndStep) {
  const std::vector<double> draws = noise("noise:0.04:0:1", 100, 1);
  EXPECT_EQ(draws, noise("noise:0.04:0:1", 100, 1));
  EXPECT_NE(draws, noise("noise:0.04:0:2", 100, 1));
  EXPECT_NE(draws, noise("noise:0.04:0:1", 100, 2));
  EXPECT_NE(draws, noise("noise:0.04:0:1", 100, 1, 1));
}

std::string refusal(const std::string& text) {
  return basin::refusal([&] { Chain::parse(text); });
}

TEST(ChainText, NamesOfChainsStandForTheirLinks) {
  EXPECT_EQ(Chain::parse("lamb"), Chain::parse("adamw:eps=1e-06+trust_ratio"));
  EXPECT_EQ(Chain::parse("clip_global_norm:2+lamb+decay"),
            Chain::parse("clip_global_norm:2+adamw:eps=1e-06+trust_ratio+decay"));
  EXPECT_EQ(find_rule("lamb").chain, "adamw:eps=1e-06+trust_ratio");
  EXPECT_EQ(Chain::parse("lamb").rule.get("eps"), 1e-6);
  EXPECT_EQ(find_rule("lamb").knobs[3].initial, 1e-6);
  EXPECT_EQ(find_rule("lamb").knobs.size(), find_rule("adamw").knobs.size());
}

TEST(ChainText, ARuleTakesItsKnobsByName) {
  const Chain chain = Chain::parse("clip_norm:1+adam:beta2=0.99:eps=1e-06");
  EXPECT_EQ(chain.rule.get("beta2"), 0.99);
  EXPECT_EQ(chain.rule.get("eps"), 1e-6);
  EXPECT_EQ(find_rule("clip_norm:1+adam:beta2=0.99").name, "adam");
}

TEST(ChainText, ARuleSaysHowItsSlotsAreKept) {
  const Chain chain = Chain::parse("clip_norm:1+adam@8bit:beta2=0.99+cautious");
  EXPECT_EQ(chain.rule.slot_format(), SlotFormat::eight_bit);
  EXPECT_EQ(chain.rule.get("beta2"), 0.99);
  EXPECT_EQ(chain.text(), "clip_norm:1+adam@8bit+cautious");
  EXPECT_EQ(Chain::parse("adam:beta2=0.99@8bit").rule, chain.rule);
  EXPECT_NE(Chain::parse("adam:beta2=0.99").rule, chain.rule);
  EXPECT_EQ(Chain::parse("lamb@bfloat16").text(), "adamw@bfloat16+trust_ratio:0");
  EXPECT_EQ(find_rule("clip_norm:1+adam@8bit").name, "adam");
}

TEST(ChainText, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("adam@9bit"), "unknown format of slots '9bit'; did you mean '8bit'?");
  EXPECT_EQ(refusal("adam@8bit@8bit"), "unknown format of slots '8bit@8bit'; did you mean '8bit'?");
  EXPECT_EQ(refusal("clip_norm:1@8bit+adam"),
            "clip_norm has no slots to keep in 8bit; write the format after the optimizer, as in adamw@8bit");
  EXPECT_EQ(refusal("came@8bit"),
            "came treats tensors as matrices and cannot keep its slots in fewer bits; leave '@8bit' out");
  EXPECT_EQ(refusal("adam:0.9"), "adam: '0.9' is not a setting; write it like adamw:eps=1e-06");
  EXPECT_EQ(refusal("adam:eps=-1"), "adam: eps = -1 is outside its range; it must be 0 or more, and finite");
  EXPECT_EQ(refusal("lmb"), "unknown optimizer 'lmb'; did you mean 'lamb'?");
  EXPECT_EQ(refusal("sgd+lamb"), "'sgd+lamb' has two rules, sgd and adamw");
  EXPECT_EQ(refusal("trust_ratio+sgd"),
            "trust_ratio comes before sgd; it changes the direction and belongs after the rule");
  EXPECT_EQ(refusal("rprop+decay"), "rprop moves the weights itself; nothing can come after it");
  EXPECT_THROW(AnyRule::named("lamb"), InputError);
  EXPECT_THROW(AnyRule::named("clip_norm:1+adam"), InputError);
}

}  // namespace
}  // namespace basin::kernels
