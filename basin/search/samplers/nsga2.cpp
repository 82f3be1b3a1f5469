#include "basin/search/samplers/nsga2.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "basin/search/generations.hpp"
#include "basin/search/pareto.hpp"
#include "basin/search/samplers/random.hpp"
#include "basin/search/unit.hpp"
#include "basin/search/variation.hpp"

namespace basin::search::samplers {
namespace {

constexpr double crossover_rate = 0.9, swap_rate = 0.5;

// Returns the population that `size` places leave, in the order of their fronts and then of their solitude.
std::vector<Observation> survivors(const std::vector<Observation>& all, std::size_t size) {
  std::vector<Observation> out;
  for (const std::vector<std::size_t>& front : fronts_of(all)) {
    const std::vector<double> alone = crowding_of(all, front);
    std::vector<std::size_t> order(front.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return alone[a] > alone[b]; });
    for (const std::size_t i : order) {
      if (out.size() == size) return out;
      out.push_back(all[front[i]]);
    }
  }
  return out;
}

std::vector<Observation> population_of(std::span<const Observation> earlier, std::size_t size) {
  std::vector<Observation> out;
  for (const auto generation : complete_generations(earlier, 0, size)) {
    out.insert(out.end(), generation.begin(), generation.end());
    out = survivors(out, size);
  }
  return out;
}

}  // namespace

Point Nsga2::ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
                 Stream& random) const {
  const auto size = static_cast<std::size_t>(std::max(2.0, std::floor(population)));
  const std::vector<Observation> parents = population_of(earlier, size);
  if (parents.empty()) return Random{}.ask(space, earlier, seed, random);
  const auto winner = [&]() -> const Point& {  // the survivors stand in their order
    const std::uint64_t one = random.below(parents.size()), other = random.below(parents.size());
    return parents[std::min(one, other)].point;
  };
  Point child = winner();
  const Point& second = winner();
  const bool mixes = random.uniform() < crossover_rate;
  for (std::size_t p = 0; p < child.size(); ++p) {
    if (random.uniform() < swap_rate && mixes) child[p] = second[p];
    if (random.uniform() * static_cast<double>(child.size()) < 1) child[p] = not_known;
  }
  return completed(space, std::move(child), random);
}

}  // namespace basin::search::samplers
