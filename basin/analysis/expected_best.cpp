#include "basin/analysis/expected_best.hpp"

#include <algorithm>
#include <cmath>

#include "basin/core/philox.hpp"

namespace basin::analysis {
namespace {

// What V_n gives the i-th smallest of `count` values, for each i.
std::vector<double> shares(std::size_t count, int n) {
  std::vector<double> out(count);
  double before = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double upto = std::pow(static_cast<double>(i + 1) / static_cast<double>(count), n);
    out[i] = upto - before;
    before = upto;
  }
  return out;
}

double weighted(const std::vector<double>& sorted, const std::vector<double>& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) sum += weights[i] * sorted[i];
  return sum;
}

std::vector<double> resampled(const std::vector<double>& values, Stream& random) {
  std::vector<double> out;
  for (std::size_t i = 0; i < values.size(); ++i) out.push_back(values[random.below(values.size())]);
  std::ranges::sort(out);
  return out;
}

// Interpolated linearly between neighbours.
double quantile(std::vector<double>& values, double share) {
  std::ranges::sort(values);
  const double position = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double above = values[std::min(below + 1, values.size() - 1)];
  return values[below] + (position - std::floor(position)) * (above - values[below]);
}

}  // namespace

double expected_best(std::vector<double> values, int n) {
  std::ranges::sort(values);
  return weighted(values, shares(values.size(), n));
}

double expected_best_unbiased(std::vector<double> values, int n) {
  std::ranges::sort(values, std::greater{});
  const auto count = static_cast<double>(values.size());
  // The chance that the largest of n different trials is this one: n / B for the best of all; each worse one
  // has (rest - n) / (rest - 1) of the chance of its neighbour, where `rest` are that neighbour and all below
  // it.
  double chance = n / count, sum = 0, rest = count;
  for (const double value : values) {
    sum += chance * value;
    chance *= rest > n ? (rest - n) / (rest - 1) : 0;
    --rest;
  }
  return sum;
}

std::vector<ExpectedBest> expected_best_band(std::vector<double> values, std::span<const int> ns,
                                             std::uint64_t seed, int draws, double coverage) {
  std::ranges::sort(values);
  std::vector<std::vector<double>> weights, drawn(ns.size());
  for (const int n : ns) weights.push_back(shares(values.size(), n));
  for (int draw = 0; draw < draws; ++draw) {
    Stream random(seed, static_cast<std::uint64_t>(draw), "expected best");
    const auto sample = resampled(values, random);
    for (std::size_t i = 0; i < ns.size(); ++i) drawn[i].push_back(weighted(sample, weights[i]));
  }
  std::vector<ExpectedBest> out;
  for (std::size_t i = 0; i < ns.size(); ++i)
    out.push_back({.n = ns[i],
                   .value = weighted(values, weights[i]),
                   .low = quantile(drawn[i], (1 - coverage) / 2),
                   .high = quantile(drawn[i], (1 + coverage) / 2)});
  return out;
}

}  // namespace basin::analysis
