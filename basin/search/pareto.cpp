#include "basin/search/pareto.hpp"

#include <algorithm>
#include <numeric>

#include "basin/search/ranking.hpp"

namespace basin::search {

bool dominates(const Observation& a, const Observation& b) {
  if (has_failed(a) || has_failed(b)) return !has_failed(a);
  const double far_a = std::min(a.reached, 1.0), far_b = std::min(b.reached, 1.0);
  if (far_a != far_b) return far_a > far_b;
  bool better = false;
  for (std::size_t i = 0; i < std::min(a.values.size(), b.values.size()); ++i) {
    if (a.values[i] > b.values[i]) return false;
    better |= a.values[i] < b.values[i];
  }
  return better;
}

std::vector<std::vector<std::size_t>> fronts_of(std::span<const Observation> observations) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < observations.size(); ++i)
    if (is_finished(observations[i])) left.push_back(i);
  std::vector<std::size_t> above(observations.size());  // how many of those left dominate each
  for (const std::size_t i : left)
    for (const std::size_t j : left) above[i] += dominates(observations[j], observations[i]);
  std::vector<std::vector<std::size_t>> out;
  while (!left.empty()) {
    std::vector<std::size_t> front, rest;
    for (const std::size_t i : left) (above[i] == 0 ? front : rest).push_back(i);
    for (const std::size_t i : rest)
      for (const std::size_t j : front) above[i] -= dominates(observations[j], observations[i]);
    out.push_back(std::move(front));
    left = std::move(rest);
  }
  return out;
}

std::vector<double> crowding_of(std::span<const Observation> observations,
                                std::span<const std::size_t> front) {
  std::vector<double> out(front.size());
  if (front.empty() || has_failed(observations[front[0]])) return out;
  std::vector<std::size_t> order(front.size());
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t k = 0; k < observations[front[0]].values.size(); ++k) {
    const auto value = [&](std::size_t i) { return observations[front[i]].values[k]; };
    std::ranges::stable_sort(order, {}, value);
    const double range = value(order.back()) - value(order.front());
    out[order.front()] = out[order.back()] = unbounded;
    if (range == 0) continue;
    for (std::size_t i = 1; i + 1 < order.size(); ++i)
      out[order[i]] += (value(order[i + 1]) - value(order[i - 1])) / range;
  }
  return out;
}

}  // namespace basin::search
