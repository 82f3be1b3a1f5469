#include "basin/recipe/recipe.hpp"

#include <gtest/gtest.h>

#include "tests/refusal.hpp"

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

TEST(Recipe, AnAugmentationFitsTheImages) {
  const Problem problem{.name = "p"};
  const auto said = [&](const std::string& augment, const DataForm& form) {
    return refusal([&] { check_suits(recipe_of({.optimizer = "sgd", .augment = augment}), problem, form); });
  };
  EXPECT_EQ(said("crop 27, cutout 28", {"images", 28}), "none");
  EXPECT_EQ(said("cutout 29", {"images", 28}),
            "--augment cutout: 29 pixels; the images of p have 28, so it must be 28 or less");
  EXPECT_EQ(said("crop 28", {"images", 28}),
            "--augment crop: 28 pixels; the images of p have 28, so it must be 27 or less");
  EXPECT_EQ(said("flip 0.5", {"table", 0}), "--augment: p has no images; only mixup works with numbers");
  EXPECT_EQ(said("cutout 99", {}), "none") << "nothing is known of a user's own data";
}

}  // namespace
}  // namespace basin
