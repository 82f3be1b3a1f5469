#include "basin/program/placeholders.hpp"

#include <gtest/gtest.h>

#include "tests/refusal.hpp"

namespace basin::program {
namespace {

const Values values{{"lr", "0.01"}, {"seed", "7"}, {"weight-decay", "1e-4"}, {"adam.beta1", "0.9"}};

TEST(Placeholders, AreFilled) {
  EXPECT_EQ(filled("--lr={lr}", values), "--lr=0.01");
  EXPECT_EQ(filled("{lr}{seed}/{weight-decay}", values), "0.017/1e-4");
  EXPECT_EQ(filled("b={adam.beta1}", values), "b=0.9");
}

TEST(Placeholders, OtherBracesStay) {
  for (const char* word : {"${lr}", "{print $1}", "{}", "{", "a{1,2}b", "}{", "{lr", "{ lr }", "{1lr}"})
    EXPECT_EQ(filled(word, values), word);
  EXPECT_EQ(filled("{{lr}}", values), "{lr}");
  EXPECT_EQ(filled("{{unknown}} {lr}", values), "{unknown} 0.01");
  EXPECT_EQ(filled("{{lr}", values), "{0.01");
}

TEST(Placeholders, AreNamedOnceInTheirOrder) {
  EXPECT_EQ(placeholders_of({"x", "{lr}", "{seed}{lr}", "{{no}}", "${no}"}), (Words{"lr", "seed"}));
}

TEST(Placeholders, OneThatNothingNamesIsRefused) {
  EXPECT_EQ(refusal([] { check_placeholders({"x", "{lrr}"}, {"lr"}); }),
            "the command has {lrr}, but nothing of this name is searched; did you mean 'lr'? (write {{lrr}} "
            "for the text {lrr})");
  EXPECT_EQ(refusal([] { filled("{none}", values); }),
            "the command has {none}, but the trial has no value for it");
}

TEST(Placeholders, AParameterThatNoneUsesIsRefused) {
  EXPECT_EQ(refusal([] { check_placeholders({"x", "{lr}"}, {"lr", "momentum"}); }),
            "'momentum' is searched, but the command does not use it; add {momentum}, or {config} for a file "
            "with all values");
  EXPECT_EQ(refusal([] { check_placeholders({"x"}, {"seed"}); }),
            "'seed' cannot be searched: basin gives every trial its own {seed}");
}

TEST(Placeholders, AProgramMayReadTheFile) {
  check_placeholders({"x", "{lr}", "{config}"}, {"lr", "momentum"});
  EXPECT_EQ(warning_of({"x", "{config}"}, {"lr"}), "");
  check_placeholders({"x", "{seed}"}, {"lr", "momentum"});
  EXPECT_EQ(
      warning_of({"x", "{seed}"}, {"lr", "momentum"}),
      "the command uses no {lr}; the program must read the values from the file that BASIN_CONFIG names");
  EXPECT_EQ(warning_of({"x", "{lr}"}, {"lr"}), "");
  EXPECT_EQ(warning_of({"x"}, {}), "");
}

}  // namespace
}  // namespace basin::program
