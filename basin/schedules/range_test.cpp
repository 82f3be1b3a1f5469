#include "basin/schedules/range_test.hpp"

#include <algorithm>
#include <cmath>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"

namespace basin {
namespace {

constexpr std::size_t fewest = 10;
constexpr double bandwidth = 1.0 / 3;  // decades

struct Line {
  double value, slope;
  double error;  // standard error of the value if each point has error 1
};

// Fits a line to the points near x[at] by weighted least squares.
Line local_line(std::span<const double> x, std::span<const double> y, std::size_t at) {
  double w0 = 0, w1 = 0, w2 = 0, v0 = 0, v1 = 0, q0 = 0, q1 = 0, q2 = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = x[i] - x[at], w = std::exp(-d * d / (2 * bandwidth * bandwidth));
    w0 += w, w1 += w * d, w2 += w * d * d, v0 += w * y[i], v1 += w * d * y[i];
    q0 += w * w, q1 += w * w * d, q2 += w * w * d * d;
  }
  const double area = w0 * w2 - w1 * w1, slope = (w0 * v1 - w1 * v0) / area;
  const double variance = (w2 * w2 * q0 - 2 * w1 * w2 * q1 + w1 * w1 * q2) / (area * area);
  return {(v0 - slope * w1) / w0, slope, std::sqrt(variance)};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Returns whether the curve falls to its lowest point by more than the noise of the losses explains: by four
// standard errors of that difference. In a test, 1 in 70 of 2,000 flat curves of 100 losses seemed to fall,
// and all of 1,000 curves that fell by 3.6 standard deviations of a loss did.
bool falls(std::span<const double> y, std::span<const Line> lines, std::size_t lowest) {
  constexpr double errors = 4, deviations = 1.4826;  // of a normal, in units of the median absolute deviation
  std::vector<double> noise;
  for (std::size_t i = 0; i < std::max(lowest + 1, fewest); ++i)
    noise.push_back(std::abs(y[i] - lines[i].value));
  const auto highest = std::ranges::max_element(lines.first(lowest + 1), {}, &Line::value);
  const double error = std::hypot(highest->error, lines[lowest].error) * deviations * median(noise);
  return highest->value - lines[lowest].value > errors * error;
}

}  // namespace

void RangeTest::check() const {
  if (!(from > 0 && from < to && std::isfinite(to)))
    throw InputError("a range test from " + text_of(from) + " to " + text_of(to) +
                     "; it must begin above 0 and end above its beginning");
  if (steps < static_cast<std::int64_t>(fewest))
    throw InputError("a range test of " + std::to_string(steps) + " steps; it must be 10 or more");
}

double RangeTest::rate(std::int64_t step) const {
  return from * std::pow(to / from, static_cast<double>(step) / static_cast<double>(steps - 1));
}

bool Explosion::add(double loss) {
  last_[static_cast<std::size_t>(count_++ % 3)] = loss;
  if (!std::isfinite(loss)) return true;
  if (count_ < 3) return false;
  const double middle = median({last_.begin(), last_.end()});
  lowest_ = std::min(lowest_, middle);
  return middle > threshold * lowest_;
}

RangeCurve range_curve(const RangeTest& test, std::span<const double> losses) {
  if (!losses.empty() && !std::isfinite(losses.front()))
    throw InputError(
        "the loss is not finite before the first step, at any rate; look at the initial weights and the "
        "data");
  if (losses.size() < fewest)
    throw InputError("the loss exploded after " + std::to_string(losses.size()) + " steps, at a rate of " +
                     text_of(test.rate(static_cast<std::int64_t>(losses.size()))) +
                     "; begin with a smaller rate");
  RangeCurve out;
  out.losses.assign(losses.begin(), losses.end());
  const double first = median({losses.begin(), losses.begin() + fewest});
  std::vector<double> logs, bounded;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    out.rates.push_back(test.rate(static_cast<std::int64_t>(i)));
    logs.push_back(std::log10(out.rates.back()));
    bounded.push_back(std::isfinite(losses[i]) ? std::min(losses[i], 2 * std::abs(first))
                                               : 2 * std::abs(first));
  }
  std::vector<Line> lines;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    lines.push_back(local_line(logs, bounded, i));
    out.smooth.push_back(lines.back().value);
  }
  const auto lowest = std::ranges::min_element(out.smooth) - out.smooth.begin();
  // At either end, a slope has neighbours on one side only, and four times the variance.
  const auto from = std::ranges::lower_bound(logs, logs.front() + bandwidth) - logs.begin();
  const auto to = std::ranges::upper_bound(logs, logs.back() - bandwidth) - logs.begin();
  const auto end = std::min(lowest, to - 1) + 1;
  const auto begin = std::clamp<std::ptrdiff_t>(from, 0, end - 1);
  const auto steepest =
      std::ranges::min_element(lines.begin() + begin, lines.begin() + end, {}, &Line::slope) - lines.begin();
  if (lines[static_cast<std::size_t>(steepest)].slope >= 0 ||
      !falls(bounded, lines, static_cast<std::size_t>(lowest)))
    throw InputError("the loss never falls between a rate of " + text_of(out.rates.front()) + " and one of " +
                     text_of(out.rates.back()) + " by more than its batches differ; try " +
                     (losses.size() < static_cast<std::size_t>(test.steps) ? "smaller" : "larger") +
                     " rates");
  out.suggestion = out.rates[static_cast<std::size_t>(steepest)];
  out.minimum_tenth = out.rates[static_cast<std::size_t>(lowest)] / 10;
  return out;
}

}  // namespace basin
