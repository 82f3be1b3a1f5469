#include "basin/analysis/importance.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace basin::analysis {
namespace {

using Counts = std::vector<double>;  // of trials, by step of the grid

constexpr std::size_t most_steps = 50;

double total(const Counts& counts) { return std::accumulate(counts.begin(), counts.end(), 0.0); }

std::size_t steps_of(const Axis& axis) {
  if (axis.choices > 0) return axis.choices;
  if (!axis.integer) return most_steps;
  const double size = axis.high - axis.low + 1;
  const double steps = axis.scale == Scale::linear ? size : std::ceil(std::log2(size)) + 1;
  return static_cast<std::size_t>(std::clamp(steps, 1.0, static_cast<double>(most_steps)));
}

// Half-way between two steps belongs to the lower one.
std::size_t step_of(const Axis& axis, double value, std::size_t steps) {
  if (axis.choices > 0) return static_cast<std::size_t>(value);
  const double last = static_cast<double>(steps - 1);
  return static_cast<std::size_t>(std::clamp(std::ceil(place_on(axis, value) * last - 0.5), 0.0, last));
}

// Returns the first step at which `before` trials have been counted, or, with `beyond`, more than that.
std::size_t first_with(const Counts& counts, double before, bool beyond) {
  double sum = 0;
  std::size_t last = 0;
  for (std::size_t step = 0; step < counts.size(); ++step) {
    if (counts[step] == 0) continue;
    sum += counts[step];
    last = step;
    if (beyond ? sum > before : sum >= before) return step;
  }
  return last;
}

double bandwidth(const Counts& counts) {
  const double n = total(counts);
  double mean = 0, squares = 0;
  for (std::size_t step = 0; step < counts.size(); ++step)
    mean += counts[step] / n * static_cast<double>(step);
  for (std::size_t step = 0; step < counts.size(); ++step)
    squares += counts[step] * std::pow(static_cast<double>(step) - mean, 2);
  const double deviation = std::sqrt(squares / std::max(1.0, n - 1));
  const auto quartiles = static_cast<double>(first_with(counts, std::floor(n * 3 / 4), true)) -
                         static_cast<double>(first_with(counts, std::floor(n / 4), false));
  return std::max(1.059 * std::min(quartiles / 1.34, deviation) * std::pow(n, -0.2), 0.5 / 1.64);
}

double below(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

// Adds `weight` times a normal distribution that is cut off half a step outside of the grid.
void add_normal(Counts& density, double mean, double deviation, double weight) {
  const auto upto = [&](double step) { return below((step - mean) / deviation); };
  const double whole = upto(static_cast<double>(density.size()) - 0.5) - upto(-0.5);
  for (std::size_t step = 0; step < density.size(); ++step) {
    const auto at = static_cast<double>(step);
    density[step] += weight * (upto(at + 0.5) - upto(at - 0.5)) / whole;
  }
}

Counts density_of(const Axis& axis, const Counts& counts) {
  const double all = total(counts) + 1;  // the prior counts as one trial
  const auto steps = static_cast<double>(counts.size());
  Counts density(counts.size(), 1e-12);
  if (axis.choices > 0) {
    for (std::size_t step = 0; step < counts.size(); ++step)
      density[step] += (counts[step] + 1 / steps) / all;
    return density;
  }
  const double width = bandwidth(counts);
  for (std::size_t step = 0; step < counts.size(); ++step)
    if (counts[step] > 0) add_normal(density, static_cast<double>(step), width, counts[step] / all);
  add_normal(density, (steps - 1) / 2, steps, 1 / all);
  return density;
}

double divergence(const Counts& top, const Counts& all) {
  double sum = 0;
  for (std::size_t step = 0; step < all.size(); ++step)
    sum += all[step] * std::pow(top[step] / all[step] - 1, 2);
  return sum;
}

// Returns the worst value that counts as one of the best.
double limit_of(std::vector<double> values, double top) {
  std::ranges::sort(values);
  const auto wanted = static_cast<std::size_t>(std::ceil(top * static_cast<double>(values.size())));
  return values[std::clamp(wanted, std::size_t{2}, values.size()) - 1];
}

}  // namespace

std::vector<double> importance(const std::vector<Axis>& axes, const std::vector<std::vector<double>>& points,
                               const std::vector<double>& values, double top) {
  std::vector<double> out(axes.size());
  if (values.size() < 2) return out;
  const double limit = limit_of(values, top);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t steps = steps_of(axes[i]);
    Counts best(steps), all(steps);
    for (std::size_t t = 0; t < points.size(); ++t) {
      if (std::isnan(points[t][i])) continue;
      const std::size_t step = step_of(axes[i], points[t][i], steps);
      ++all[step];
      if (values[t] <= limit) ++best[step];
    }
    const double share = total(best) / std::max(total(all), 1.0);
    if (share > 0) out[i] = share * share * divergence(density_of(axes[i], best), density_of(axes[i], all));
  }
  return out;
}

}  // namespace basin::analysis
