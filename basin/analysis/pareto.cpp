#include "basin/analysis/pareto.hpp"

#include <algorithm>
#include <cmath>

namespace basin::analysis {
namespace {

using Objectives = std::vector<double>;

bool is_known(const Objectives& point) {
  return std::ranges::none_of(point, [](double value) { return std::isnan(value); });
}

bool dominates(const Objectives& a, const Objectives& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better |= a[i] < b[i];
  }
  return better;
}

}  // namespace

std::vector<std::size_t> pareto_front(const std::vector<Objectives>& points) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto beats = [&](const Objectives& other) {
      return is_known(other) && dominates(other, points[i]);
    };
    if (is_known(points[i]) && std::ranges::none_of(points, beats)) front.push_back(i);
  }
  return front;
}

}  // namespace basin::analysis
