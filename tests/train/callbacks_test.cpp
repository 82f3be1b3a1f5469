// Keras's semantics, trap by trap (keras/src/callbacks, version 3).
#include "basin/train/callbacks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "basin/core/error.hpp"
#include "tests/paths.hpp"
#include "tests/refusal.hpp"

namespace basin::train {
namespace {

// Returns the epoch (from 1) after which it stops, 0 for never.
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
TEST(Callbacks, RefuseWhatIsOutsideItsRange) {
  EXPECT_EQ(refusal([] { EarlyStopping({.patience = -1}); }),
            "early stopping: patience = -1 is outside its range; it must be 0 or more, and finite");
  EXPECT_NE(refusal([] { EarlyStopping({.min_delta = NAN}); }), "none");
  EXPECT_NE(refusal([] { EarlyStopping({.baseline = NAN}); }), "none");
  EXPECT_EQ(refusal([] { ReduceLROnPlateau({.factor = 1}); }),
            "plateau: factor = 1 is outside its range; it must be in [0, 1)");
  EXPECT_NE(refusal([] { ReduceLROnPlateau({.cooldown = -1}); }), "none");
  EXPECT_NE(refusal([] { ReduceLROnPlateau({.min_lr = -0.1}); }), "none");
  EXPECT_NE(refusal([] { PyTorchReduceLROnPlateau({.factor = NAN}); }), "none");
  EXPECT_NE(refusal([] { PyTorchReduceLROnPlateau({.threshold = INFINITY}); }), "none");
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

// Returns the rates for the epochs after each value.
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

// PyTorch's rates are products in the same order, so they agree to the bit.
TEST(PyTorchReduceLROnPlateau, GivesPyTorchsRates) {
  std::ifstream file(std::string(paths::golden) + "/plateau.csv");
  std::string line, cell;
  const auto numbers = [&](std::istringstream& cells) {
    Rates out;
    while (std::getline(cells, cell, ';')) out.push_back(std::stod(cell));
    return out;
  };
  std::getline(file, line);
  std::istringstream first(line);
  const Rates losses = numbers(first);
  ASSERT_EQ(losses.size(), 40u);
  int cases = 0;
  for (; std::getline(file, line); ++cases) {
    std::istringstream cells(line);
    std::getline(cells, cell, ';');
    const Goal goal = cell == "min" ? Goal::smallest : Goal::largest;
    const Rates all = numbers(cells);
    ASSERT_EQ(all.size(), 7 + losses.size());
    Plateau plateau = PyTorchReduceLROnPlateau({.factor = all[1],
                                                .patience = static_cast<int>(all[2]),
                                                .threshold = all[3],
                                                .relative = all[0] == 1,
                                                .cooldown = static_cast<int>(all[4]),
                                                .min_lr = all[5],
                                                .eps = all[6],
                                                .goal = goal});
    double lr = 1;
    for (std::size_t t = 0; t < losses.size(); ++t) {
      lr = next_rate(plateau, lr, losses[t]);
      EXPECT_EQ(lr, all[7 + t]) << line.substr(0, 40) << ", epoch " << t;
    }
  }
  EXPECT_EQ(cases, 5);
}
TEST(PyTorchReduceLROnPlateau, FiresOneEpochLaterThanKeras) {
  Plateau keras = ReduceLROnPlateau({.patience = 2}), pytorch = PyTorchReduceLROnPlateau({.patience = 2});
  Rates of_keras, of_pytorch;
  for (int epoch = 0; epoch < 4; ++epoch) {
    of_keras.push_back(next_rate(keras, 1, 0.5));
    of_pytorch.push_back(next_rate(pytorch, 1, 0.5));
  }
  EXPECT_EQ(of_keras, (Rates{1, 1, 0.1, 1}));
  EXPECT_EQ(of_pytorch, (Rates{1, 1, 1, 0.1}));
}

}  // namespace
}  // namespace basin::train
