// The learning-rate range test: what its losses show. train/find_rate.hpp runs the training.
//
// Paper    Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017, section 3.3
// Rates    from `from` to `to` by equal ratios, one per step
// Smooth   a line fitted at each rate through its neighbours in log(rate), with normal weights of a third of
//          a decade; this does not lag, and gives the slope as well. Losses above twice the first losses
//          count as twice: a curve ends in an explosion, whose height means nothing
// Suggests the rate where the smooth curve falls fastest before its minimum
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace basin {

struct RangeTest {
  double from = 1e-7, to = 10;
  std::int64_t steps = 100;

  // Throws InputError unless 0 < from < to, both finite, and 10 <= steps.
  void check() const;
  double rate(std::int64_t step) const;  // requires 0 <= step < steps
};

// Detects when a test should end early: a loss is not finite, or the losses have grown to four times their
// lowest. It uses the median of the last three losses, because one bad or good batch is not an explosion.
class Explosion {
 public:
  static constexpr double threshold = 4;
  // Returns true at the end of the test. Takes the losses in the order of the steps.
  bool add(double loss);

 private:
  std::array<double, 3> last_{};
  std::int64_t count_ = 0;
  double lowest_ = std::numeric_limits<double>::infinity();
};

struct RangeCurve {
  std::vector<double> rates, losses;  // one per step taken
  std::vector<double> smooth;
  double suggestion = 0;     // the rate of the steepest descent
  double minimum_tenth = 0;  // a tenth of the rate with the lowest smooth loss: the older rule of thumb
};
// Analyses `losses`, one per step from the first. Throws InputError if there are fewer than 10, if the first
// is not finite, or if the loss never falls by more than the noise between batches.
RangeCurve range_curve(const RangeTest& test, std::span<const double> losses);

}  // namespace basin
