// Pruners: what each ends, by hand; what all have in common.
#include "basin/search/pruners.hpp"

#include <gtest/gtest.h>

#include "tests/refusal.hpp"
#include "tests/search/curves.hpp"

namespace basin::search {
namespace {

bool ends(std::string_view pruner, const Curve& trial, const std::vector<Curve>& earlier,
          double schedule_warmup = 0) {
  return make_pruner(pruner)->prune(trial, earlier, schedule_warmup);
}

// Complete trials of four epochs; in the second they have 1, 2, ...
std::vector<Curve> complete(int count) {
  std::vector<Curve> out;
  for (int i = 1; i <= count; ++i) out.push_back(curve(4, {10, static_cast<double>(i), 0.5, 0.1}, i));
  return out;
}

TEST(Pruners, NoneEndsNothing) { EXPECT_FALSE(ends("none", curve(4, {1, nan_value}), complete(9))); }

TEST(Pruners, MedianComparesTheBestSoFarWithTheSameFraction) {
  const auto earlier = complete(6);  // the median of 1 ... 6 is 3.5
  EXPECT_FALSE(ends("median", curve(4, {9, 3.5}), earlier));
  EXPECT_TRUE(ends("median", curve(4, {9, 3.51}), earlier));
  EXPECT_FALSE(ends("median", curve(4, {3.4, 9}), earlier)) << "the best so far, not the last";
  EXPECT_TRUE(ends("median", curve(8, {9, 9, 9, 4}), earlier)) << "half of twice as many epochs";
  EXPECT_FALSE(ends("median", curve(8, {9, 9, 9}), earlier))
      << "the last value at or before 3/8 is that at 1/4";
}

TEST(Pruners, PercentileKeepsTheBestPercent) {
  const auto earlier = complete(5);  // 1 ... 5: the 25th percentile is 2, the 30th 2.2
  EXPECT_FALSE(ends("percentile", curve(4, {9, 2}), earlier));
  EXPECT_TRUE(ends("percentile", curve(4, {9, 2.1}), earlier));
  EXPECT_FALSE(ends("percentile percentile 30", curve(4, {9, 2.2}), earlier));
  EXPECT_TRUE(ends("percentile percentile 30", curve(4, {9, 2.21}), earlier));
  EXPECT_FALSE(ends("percentile percentile 100", curve(4, {9, 5}), earlier));
  EXPECT_TRUE(ends("percentile percentile 0", curve(4, {9, 1.1}), earlier));
}

TEST(Pruners, PercentileWaitsForCompleteTrials) {
  auto earlier = complete(4);
  const Curve bad = curve(4, {99, 99});
  EXPECT_FALSE(ends("median", bad, earlier));
  EXPECT_TRUE(ends("median startup 4", bad, earlier));
  earlier.push_back(curve(4, {10, 5, 0.5}));
  EXPECT_FALSE(ends("median", bad, earlier)) << "that one was pruned";
  earlier.push_back(curve(4, {10, 5, 0.5, 0.1}));
  EXPECT_TRUE(ends("median", bad, earlier));
  EXPECT_FALSE(ends("median startup 0", bad, {}));
  for (int i = 0; i < 9; ++i) earlier.push_back(curve(4, {10, 0.1}));
  EXPECT_FALSE(ends("median", curve(4, {9, 3}), earlier)) << "what was pruned is not compared with";
}

TEST(Pruners, PercentileLeavesOutWhatIsNotFinite) {
  auto earlier = complete(5);
  for (int i = 0; i < 5; ++i) earlier.push_back(curve(4, {nan_value, nan_value, 1, 1}));
  EXPECT_FALSE(ends("median", curve(4, {9, 3}), earlier));
  EXPECT_TRUE(ends("median", curve(4, {9, 3.1}), earlier));
  EXPECT_TRUE(ends("median", curve(4, {nan_value, nan_value}), earlier));
  EXPECT_FALSE(ends("median", curve(4, {nan_value, 3}), earlier));
}

TEST(Pruners, AshaKeepsTheBestOfEachRung) {
  const std::string asha = "asha warmup 0.25, eta 2";  // rungs at 1/4 and 1/2
  const std::vector<Curve> earlier{curve(4, {1, 5}), curve(4, {2, 4}), curve(4, {3})};
  EXPECT_TRUE(ends(asha, curve(4, {2.1}), earlier)) << "of 4, 2 go on: 1 and 2";
  EXPECT_FALSE(ends(asha, curve(4, {2}), earlier));
  EXPECT_FALSE(ends(asha, curve(4, {1.5}), earlier));
  EXPECT_TRUE(ends(asha, curve(4, {1, 4.5}), earlier)) << "of 3, 1 goes on: 4";
  EXPECT_FALSE(ends(asha, curve(4, {1, 4}), earlier));
  EXPECT_FALSE(ends(asha, curve(4, {1, 1, 99}), earlier)) << "3/4 is not a rung";
  EXPECT_TRUE(ends(asha, curve(4, {nan_value}), earlier));
}

TEST(Pruners, AshaPromotesATrialThatIsAloneInItsRung) {
  EXPECT_FALSE(ends("asha", curve(5, {99}), {}));
  EXPECT_FALSE(ends("asha", curve(5, {1, 2, 3, 99}), {curve(5, {1, 2, 3})})) << "alone in the second";
  EXPECT_FALSE(ends("asha", curve(5, {99}), {curve(5, {nan_value})})) << "the other never was in the rung";
}

TEST(Pruners, AshaJudgesEveryRungThatAPointReaches) {
  // Rungs at 0.1, 0.2, 0.4 and 0.8; one report in three falls on none of them.
  const std::string asha = "asha warmup 0.1, eta 2";
  const std::vector<Curve> earlier{curve(3, {1, 1}), curve(10, {5, 5, 5, 9})};
  EXPECT_TRUE(ends(asha, curve(3, {2}), earlier)) << "of 3, the best goes on from 0.1 and 0.2: 1";
  EXPECT_FALSE(ends(asha, curve(3, {1}), earlier));
  EXPECT_TRUE(ends(asha, curve(3, {1, 2}), earlier)) << "0.4 is judged at 2/3";
  EXPECT_FALSE(ends(asha, curve(10, {1, 1, 99}), earlier)) << "0.3 is past the rung";
}

TEST(Pruners, HyperbandBeginsLaterInLaterBrackets) {
  const pruners::Hyperband hyperband{.warmup = 0.1, .eta = 3};  // first rungs at 0.1, 0.3 and 0.9
  ASSERT_EQ(hyperband.brackets(), 3);
  EXPECT_EQ(pruners::Hyperband{}.brackets(), 2) << "0.2 and 0.6";
  EXPECT_EQ((pruners::Hyperband{.warmup = 0.25, .eta = 2}).brackets(), 3) << "1/4, 1/2 and 1";
  EXPECT_EQ(hyperband.parts(0), 9) << "ceil(3 * 9 / 3)";
  EXPECT_EQ(hyperband.parts(1), 5) << "ceil(3 * 3 / 2)";
  EXPECT_EQ(hyperband.parts(2), 3);

  std::vector<Curve> earlier;  // the best trials of each bracket
  for (int number = 0; number < 60; ++number)
    earlier.push_back(curve(10, {1, 1, 1, 1, 1, 1, 1, 1, 1}, number));
  for (int number = 60; number < 120; ++number) {
    const int bracket = hyperband.bracket_of(number);
    EXPECT_EQ(hyperband.ends(curve(10, {2}, number), earlier), bracket == 0) << number;
    EXPECT_EQ(hyperband.ends(curve(10, {1, 1, 2}, number), earlier), bracket <= 1) << number;
    EXPECT_TRUE(hyperband.ends(curve(10, {1, 1, 1, 1, 1, 1, 1, 1, 2}, number), earlier)) << number;
  }
}

TEST(Pruners, HyperbandComparesWithinABracket) {
  const pruners::Hyperband hyperband{.warmup = 0.1, .eta = 3};
  const auto of_bracket = [&](int wanted, int from) {
    while (hyperband.bracket_of(from) != wanted) ++from;
    return from;
  };
  const int number = of_bracket(0, 0), rival = of_bracket(0, number + 1), other = of_bracket(1, 0);
  EXPECT_TRUE(hyperband.ends(curve(10, {2}, number), std::vector{curve(10, {1}, rival)}));
  EXPECT_FALSE(hyperband.ends(curve(10, {2}, number), std::vector{curve(10, {1}, other)}));
}

TEST(Pruners, HyperbandDrawsBracketsInTheirProportion) {
  const pruners::Hyperband hyperband{.warmup = 0.1, .eta = 3};
  for (const int turns : {1, 17}) {  // also where 17 optimizers take turns: 17 parts make up the brackets
    std::vector<int> count(3);
    for (int i = 0; i < 1700; ++i) ++count[static_cast<std::size_t>(hyperband.bracket_of(i * turns))];
    for (int bracket = 0; bracket < 3; ++bracket) {
      const double share = hyperband.parts(bracket) / 17;
      EXPECT_NEAR(count[static_cast<std::size_t>(bracket)], 1700 * share,
                  4 * std::sqrt(1700 * share * (1 - share)))
          << "bracket " << bracket << ", every " << turns;
    }
  }
}

TEST(Pruners, ThresholdEndsWhatLeavesItsLimits) {
  const std::string threshold = "threshold lower -1, upper 2";
  EXPECT_FALSE(ends(threshold, curve(4, {9, 2}), {})) << "the last value";
  EXPECT_TRUE(ends(threshold, curve(4, {1, 2.1}), {}));
  EXPECT_FALSE(ends(threshold, curve(4, {1, -1}), {}));
  EXPECT_TRUE(ends(threshold, curve(4, {1, -1.1}), {}));
  EXPECT_TRUE(ends("threshold", curve(4, {1, nan_value}), {}));
  EXPECT_FALSE(ends("threshold", curve(4, {1, 1e300}), {}));
}

TEST(Pruners, PatienceEndsWhatStaysWorseThanItWas) {
  const std::string patience = "patience patience 0.2";  // the last three of ten reports against those before
  EXPECT_FALSE(ends(patience, curve(10, {1, 2, 2}), {})) << "nothing is older";
  EXPECT_TRUE(ends(patience, curve(10, {1, 2, 2, 2}), {}));
  EXPECT_FALSE(ends(patience, curve(10, {1, 2, 1, 2}), {})) << "as good again";
  EXPECT_FALSE(ends(patience, curve(10, {1, 2, 2, 0.5}), {}));
  EXPECT_TRUE(ends(patience, curve(10, {1, nan_value, nan_value, nan_value}), {}));
  EXPECT_FALSE(ends(patience, curve(10, {nan_value, nan_value, nan_value, 7}), {}));
  EXPECT_TRUE(ends(patience, curve(10, {nan_value, nan_value, nan_value, nan_value}), {}));
  EXPECT_FALSE(ends(patience + ", min_delta 0.5", curve(10, {1, 2, 2, 1.5}), {}));
  EXPECT_TRUE(ends(patience + ", min_delta 0.5", curve(10, {1, 2, 2, 1.6}), {}));
}

TEST(Pruners, WilcoxonEndsWhatIsWorseOnTheSharedSeeds) {
  // Ten seeds. With n differences of one sign, p is 1 / 2^n.
  Curve best = curve(10, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  Curve worse = curve(10, {2, 2, 2, 2, 2, 2, 2, 2, 2, 50});
  const std::vector<Curve> earlier{worse, best, curve(10, {0, 0, 0})};
  EXPECT_FALSE(ends("wilcoxon", curve(10, {11, 12, 13}), earlier)) << "1/8";
  EXPECT_TRUE(ends("wilcoxon", curve(10, {11, 12, 13, 14}), earlier)) << "1/16";
  EXPECT_FALSE(ends("wilcoxon p 0.05", curve(10, {11, 12, 13, 14}), earlier));
  EXPECT_FALSE(ends("wilcoxon startup 5", curve(10, {11, 12, 13, 14}), earlier));
  EXPECT_FALSE(ends("wilcoxon", curve(10, {1.1, 2.1, 3.1, 4.1}), earlier)) << "its mean is the best so far";
  EXPECT_FALSE(ends("wilcoxon", curve(10, {1, 2, 3, 40}), earlier)) << "one of four is worse";
  EXPECT_FALSE(ends("wilcoxon p 0.9", curve(10, {99}), earlier)) << "one seed";
  EXPECT_FALSE(ends("wilcoxon", curve(10, {11, 12, 13, 14}), {curve(10, {0, 0, 0, 0})}))
      << "none is complete";
  EXPECT_TRUE(ends("wilcoxon", curve(10, {0, nan_value}), earlier));
}

// Sums over all signs of the ranks 1 ... n, or as scipy 1.10 has them: wilcoxon(d, alternative="greater").
TEST(Pruners, WilcoxonIsExact) {
  using pruners::signed_rank_p;
  EXPECT_DOUBLE_EQ(signed_rank_p({1, 2, 3}), 1 / 8.0);
  EXPECT_DOUBLE_EQ(signed_rank_p({-1, 2, 3}), 2 / 8.0) << "5 or 6 of 6";
  EXPECT_DOUBLE_EQ(signed_rank_p({1, 2, -3}), 5 / 8.0) << "3 or more of 6: 6, 5, 4, 3 twice";
  EXPECT_DOUBLE_EQ(signed_rank_p({1, 1}), 1 / 4.0);
  EXPECT_DOUBLE_EQ(signed_rank_p({1, -1}), 3 / 4.0) << "shared ranks 1.5 and 1.5";
  EXPECT_DOUBLE_EQ(signed_rank_p({0, 0}), 1);
  EXPECT_DOUBLE_EQ(signed_rank_p({0, 2, 3}), 1 / 4.0) << "zero counts half on either side";
  EXPECT_DOUBLE_EQ(signed_rank_p({3, -1, 2.5, 4, -2}), 0.15625);
  EXPECT_DOUBLE_EQ(signed_rank_p({-1.2, 2.4, -1.3, 1.35, .5, 1, -1.8, .8, -4.6, 1.4}), 0.5);
}

TEST(Pruners, NeverEndBeforeTheWarmUpDoes) {
  const auto earlier = complete(9);
  for (const pruners::Info& info : pruner_infos()) {
    const std::string name(info.name);
    EXPECT_FALSE(ends(name, curve(10, {nan_value}), earlier)) << name << ", before 0.2";
    EXPECT_FALSE(ends(name, curve(10, {nan_value, nan_value, nan_value}), earlier, 0.4))
        << name << ", in the warm-up of the schedule";
    EXPECT_FALSE(ends(name, Curve{}, earlier)) << name << ", before the first report";
  }
  EXPECT_TRUE(ends("median", curve(10, {nan_value, nan_value}), earlier));
  EXPECT_TRUE(ends("median", curve(10, {nan_value, nan_value, nan_value}), earlier, 0.3));
  EXPECT_TRUE(ends("median warmup 0", curve(10, {nan_value}), earlier));
}

TEST(Pruners, NeverEndWhatIsComplete) {
  const auto earlier = complete(9);
  for (const pruners::Info& info : pruner_infos())
    EXPECT_FALSE(ends(info.name, curve(3, {nan_value, nan_value, nan_value}), earlier)) << info.name;
}

TEST(Pruners, SayWhatIsWrongWithAText) {
  const auto refused = [](std::string_view text) { return refusal([&] { make_pruner(text); }); };
  EXPECT_EQ(refused("  median  warmup 0.3,  startup 10 "), "none");
  EXPECT_EQ(refused("medain"), "unknown pruner 'medain'; did you mean 'median'?");
  EXPECT_EQ(refused("median percent 3"), "median: unknown knob 'percent'; it is one of warmup and startup");
  EXPECT_EQ(refused("median warmup 1.5"), "median: warmup = 1.5 is outside its range; it must be in [0, 1]");
  EXPECT_EQ(refused("percentile percentile 101"),
            "percentile: percentile = 101 is outside its range; it must be in [0, 100]");
  EXPECT_EQ(refused("threshold upper inf"), "threshold: upper = inf is outside its range; it must be finite");
  EXPECT_EQ(refused("asha warmup 0"), "asha: warmup = 0 is outside its range; it must be in (0, 1]");
  EXPECT_EQ(refused("asha eta 1"), "asha: eta = 1 is outside its range; it must be more than 1, and finite");
  EXPECT_EQ(refused("none startup 3"), "none has no settings; leave out 'startup 3'");
}

TEST(Pruners, AnAuditFinishesItsShareOfThePruned) {
  int found = 0;
  for (int number = 0; number < 10000; ++number) found += audited(7, number, 0.05);
  EXPECT_NEAR(found, 500, 3 * std::sqrt(10000 * 0.05 * 0.95));
  const auto these = [](std::uint64_t seed, double share) {
    std::vector<int> out;
    for (int number = 0; number < 100; ++number)
      if (audited(seed, number, share)) out.push_back(number);
    return out;
  };
  EXPECT_EQ(these(7, 0.05), these(7, 0.05));
  EXPECT_NE(these(7, 0.05), these(8, 0.05));
  EXPECT_TRUE(these(7, 0).empty());
  EXPECT_EQ(these(7, 1).size(), 100u);
  for (const int number : these(7, 0.05)) EXPECT_TRUE(audited(7, number, 0.1)) << "a larger share holds it";
}

}  // namespace
}  // namespace basin::search
