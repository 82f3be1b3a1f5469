#include "basin/recipe/recipe.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"

namespace basin {
namespace {

TEST(Recipe, EveryTextIsParsed) {
  const Recipe recipe = recipe_of({.optimizer = "clip_norm:1+adam",
                                   .knobs = {{"lr", 0.25}},
                                   .batch_size = 32,
                                   .init = "he_normal",
                                   .schedule = "cosine; beta1: linear",
                                   .regularize = "l2 0.5",
                                   .augment = "mixup 0.25",
                                   .normalize = "off",
                                   .groups = "bias: lr 0.1x"});
  EXPECT_EQ(recipe.chain.text(), "clip_norm:1+adam");
  EXPECT_EQ(recipe.chain.rule.lr(), 0.25);
  EXPECT_EQ(recipe.batch_size, 32);
  EXPECT_EQ(recipe.init.all.name(), "he_normal");
  ASSERT_EQ(recipe.schedules.size(), 2u);
  EXPECT_EQ(recipe.schedules[1].knob, "beta1");
  EXPECT_EQ(recipe.regularization.l2, 0.5);
  EXPECT_EQ(recipe.augmentation.mixup, 0.25);
  EXPECT_FALSE(recipe.normalize);
  ASSERT_EQ(recipe.groups.size(), 1u);
  EXPECT_EQ(recipe.groups[0].chain_in(recipe.chain).rule.lr(), 0.025);
}

TEST(Recipe, TheDefaultsAreAConfiguration) {
  const Recipe recipe = recipe_of({.optimizer = "sgd"});
  EXPECT_TRUE(recipe.normalize && recipe.groups.empty());
  EXPECT_EQ(recipe.init.all.name(), "default");
}

TEST(Recipe, AWrongTextIsRefused) {
  using study::Configuration;
  EXPECT_THROW(recipe_of({.optimizer = "adma"}), InputError);
  EXPECT_THROW(recipe_of({.optimizer = "sgd", .knobs = {{"lr", -1}}}), InputError);
  for (const study::Worded& worded : study::worded) {
    Configuration config{.optimizer = "sgd"};
    config.*worded.text = "nonsense";
    EXPECT_THROW(recipe_of(config), InputError) << worded.name;
  }
}

}  // namespace
}  // namespace basin
