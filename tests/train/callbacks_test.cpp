// Keras's semantics, trap by trap (keras/src/callbacks, version 3).
#include "basin/train/callbacks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace basin::train {
namespace {

// The epoch (from 1) after which it stops, 0 for never.
int stops_at(EarlyStopping::Settings settings, const std::vector<double>& values) {
  EarlyStopping stopping(settings);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (stopping.stop_after(values[i])) return static_cast<int>(i) + 1;
  return 0;
}

TEST(EarlyStopping, WaitsPatienceEpochsSinceTheBest) {
  EXPECT_EQ(stops_at({.patience = 2}, {1.0, 0.9, 0.95, 0.96, 0.97}), 4);
  EXPECT_EQ(stops_at({.patience = 2}, {1.0, 0.9, 0.95, 0.8, 0.85, 0.84, 0.83}), 6);
  EXPECT_EQ(stops_at({.patience = 3}, {3, 2, 1, 0.5, 0.4}), 0);
}
TEST(EarlyStopping, PatienceZeroActsAsOne) { EXPECT_EQ(stops_at({.patience = 0}, {1, 2, 3}), 2); }
TEST(EarlyStopping, AnEqualValueIsNoImprovement) { EXPECT_EQ(stops_at({.patience = 1}, {1, 1}), 2); }
TEST(EarlyStopping, MinDeltaIsAbsolute) {
  EXPECT_EQ(stops_at({.patience = 1, .min_delta = 0.1}, {1.0, 0.95}), 2);
  EXPECT_EQ(stops_at({.patience = 1, .min_delta = 0.1}, {1.0, 0.85}), 0);
}
TEST(EarlyStopping, ANanFirstBecomesTheBestAndNothingBeatsIt) {
  EXPECT_EQ(stops_at({.patience = 2}, {std::nan(""), 0.5, 0.1}), 3);
}
TEST(EarlyStopping, ALaterNanIsNoImprovement) {
  EXPECT_EQ(stops_at({.patience = 2}, {1, std::nan(""), std::nan("")}), 3);
}
TEST(EarlyStopping, ABaselineMustBeBeatenForTheWaitToStartAnew) {
  EXPECT_EQ(stops_at({.patience = 2, .baseline = 0.5}, {1.0, 0.9, 0.8, 0.85}), 4);
  EXPECT_EQ(stops_at({.patience = 2, .baseline = 0.5}, {1.0, 0.4, 0.45, 0.41}), 4);
}
TEST(EarlyStopping, DoesNotLookBeforeItsFirstEpoch) {
  EXPECT_EQ(stops_at({.patience = 1, .start_from_epoch = 2}, {1, 2, 3, 4}), 4);
}
TEST(EarlyStopping, CanLookForTheLargest) {
  EXPECT_EQ(stops_at({.patience = 1, .goal = Goal::largest}, {0.5, 0.6, 0.55}), 3);
}

// The rates with which the epochs after each value are trained.
std::vector<double> rates(ReduceLROnPlateau::Settings settings, const std::vector<double>& values) {
  ReduceLROnPlateau plateau(settings);
  std::vector<double> out;
  double lr = 1;
  for (const double value : values) out.push_back(lr = plateau.next(lr, value));
  return out;
}
using Rates = std::vector<double>;

TEST(ReduceLROnPlateau, FiresAtPatienceNotOneLater) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 2}, {1, 1, 1, 1, 1}), (Rates{1, 1, 0.5, 0.5, 0.25}));
}
TEST(ReduceLROnPlateau, MinDeltaIsAbsoluteAndOneTenThousandth) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1}, {1000, 1000 - 2e-4}), (Rates{1, 1}));
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1}, {1e-3, 1e-3 - 0.5e-4}), (Rates{1, 0.5}));
}
TEST(ReduceLROnPlateau, CooldownHoldsTheWaitAtZero) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1, .cooldown = 2}, {1, 1, 1, 1, 1}),
            (Rates{1, 0.5, 0.5, 0.25, 0.25}));
}
TEST(ReduceLROnPlateau, NeverGoesBelowMinLr) {
  EXPECT_EQ(rates({.factor = 0.1, .patience = 1, .min_lr = 0.05}, {1, 1, 1, 1}), (Rates{1, 0.1, 0.05, 0.05}));
}
TEST(ReduceLROnPlateau, ANanIsNoImprovement) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 2}, {std::nan(""), std::nan(""), 1}), (Rates{1, 0.5, 0.5}));
}

}  // namespace
}  // namespace basin::train
