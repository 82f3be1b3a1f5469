// The learning-rate range test: what its curve of losses says. The training is done in train/find_rate.hpp.
//
// Paper    Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017, section 3.3
// Rates    from `from` to `to` by equal ratios, one a step
// Smooth   at each rate the line through its neighbours in log(rate), weighted by a normal of a third of a decade: no lag,
//          and the slope with it. Losses above twice the first ones count as that: a curve ends in an explosion, whose height says nothing
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
  double rate(std::int64_t step) const;  // 0 <= step < steps
};

// Tells when a test should end early: a loss is not finite, or the losses have grown to four times their lowest. Of three losses the
// middle one counts: one bad batch, or one good one, is no explosion.
class Explosion {
 public:
  static constexpr double threshold = 4;
  // True at the end. The losses come in the order of the steps.
  bool add(double loss);

 private:
  std::array<double, 3> last_{};
  std::int64_t count_ = 0;
  double lowest_ = std::numeric_limits<double>::infinity();
};

struct RangeCurve {
  std::vector<double> rates, losses;  // of the steps that were taken
  std::vector<double> smooth;
  double suggestion = 0;     // the steepest descent
  double minimum_tenth = 0;  // a tenth of the rate with the lowest smooth loss: the older rule of thumb
};
// Of `losses`, one a step from the first. Throws InputError for fewer than 10 of them, when the first is not finite, and when
// the loss never falls by more than the noise of its batches.
RangeCurve range_curve(const RangeTest& test, std::span<const double> losses);

}  // namespace basin
