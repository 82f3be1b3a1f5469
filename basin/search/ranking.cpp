#include "basin/search/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace basin::search {

bool has_failed(const Observation& o) {
  return !std::ranges::all_of(o.values, [](double v) { return std::isfinite(v); });
}

std::vector<std::size_t> ranked(std::span<const Observation> earlier) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < earlier.size(); ++i)
    if (is_finished(earlier[i])) order.push_back(i);
  const auto rank = [&](std::size_t i) {
    const Observation& o = earlier[i];
    return has_failed(o) ? std::tuple(true, 0.0, 0.0)
                         : std::tuple(false, -std::min(o.reached, 1.0), o.values.front());
  };
  std::ranges::stable_sort(order, {}, rank);
  return order;
}

}  // namespace basin::search
