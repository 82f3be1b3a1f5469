#include "basin/app/label.hpp"

#include <gtest/gtest.h>

namespace basin::app {
namespace {

TEST(AppLabel, SaysTheRateTheBatchAndWhatIsNotUsual) {
  const study::Trial trial{.config = {"adam", {{"beta2", 0.99}, {"lr", 1e-3}}, 32, "he_normal"},
                           .replicate = 1};
  EXPECT_EQ(label_of(trial), "adam lr 0.001 batch 32 he_normal beta2 0.99 seed 1");
}

}  // namespace
}  // namespace basin::app
