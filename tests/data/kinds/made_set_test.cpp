// Data that rules make: kinds, sizes, and the same bytes for the same source.
#include "basin/data/kinds/made_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "basin/data/kinds/kinds.hpp"
#include "tests/refusal.hpp"

namespace basin::data {
namespace {

Source made(const std::string& rule, std::int64_t count = 40) {
  return {.kind = "made",
          .file = rule,
          .targets = rule == "adding" ? "values" : "classes",
          .window = 10,
          .count = count};
}

TEST(MadeSet, HasTheKindAndTheSizeThatWereAskedFor) {
  const SharedSet spirals = share_made(made("spirals")), adding = share_made(made("adding")),
                  words = share_made(made("sparse-words"));
  EXPECT_EQ(kind_of(spirals), "table");
  EXPECT_EQ(kind_of(adding), "sequences");
  EXPECT_EQ(kind_of(words), "sparse");
  EXPECT_EQ(adding.at("train.sequences").shape, (Extents{40, 10, 2}));
  EXPECT_EQ(classes_of(spirals), 2);
  EXPECT_EQ(classes_of(adding), 0);
  EXPECT_EQ(outputs_of(adding), 1);
  EXPECT_EQ(classes_of(words), 2);
  for (const SharedSet* set : {&spirals, &adding, &words}) {
    EXPECT_EQ(count_of(*set, "train"), 40);
    EXPECT_EQ(count_of(*set, "test"), 10);
  }
}

TEST(MadeSet, TheSameSourceGivesTheSameBytesAndAPartIsNotTheOther) {
  for (const char* rule : {"spirals", "adding", "sparse-words"}) {
    const SharedSet a = share_made(made(rule)), b = share_made(made(rule)), more = share_made(made(rule, 48));
    EXPECT_TRUE(std::ranges::equal(a.block(), b.block())) << rule;
    EXPECT_FALSE(std::ranges::equal(a.block(), more.block())) << rule;
  }
  const SharedSet set = share_made(made("spirals"));
  const auto train = set.at("train.inputs").as<float>(), test = set.at("test.inputs").as<float>();
  EXPECT_FALSE(std::ranges::equal(train.first(test.size()), test));
}

TEST(MadeSet, RefusesAnUnknownRuleOtherTargetsAndTooFewExamples) {
  Source classes = made("adding");
  classes.targets = "classes";
  EXPECT_EQ(refusal([&] { share_made(classes); }),
            "the rule adding makes values: write targets = \"values\"");
  EXPECT_EQ(refusal([] { share_made(made("spiral")); }),
            "unknown rule that makes data 'spiral'; did you mean 'spirals'?");
  EXPECT_EQ(refusal([] { share_made(made("adding", 7)); }),
            "count = 7 examples of adding; there must be 8 or more");
}

}  // namespace
}  // namespace basin::data
