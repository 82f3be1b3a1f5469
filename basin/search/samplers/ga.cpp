#include "basin/search/samplers/ga.hpp"

#include <algorithm>
#include <cmath>

#include "basin/search/generations.hpp"
#include "basin/search/ranking.hpp"
#include "basin/search/samplers/random.hpp"
#include "basin/search/unit.hpp"
#include "basin/search/variation.hpp"

namespace basin::search::samplers {
namespace {

constexpr double crossover_rate = 0.9, crossover_spread = 15, mutation_spread = 20;

double crossed(const Parameter& p, double a, double b, bool numbers_mix, Stream& random) {
  const bool first = random.uniform() < 0.5, mixes = random.uniform() < 0.5;
  if (std::isnan(a) || std::isnan(b) || p.kind == Kind::category) return first ? a : b;
  if (!numbers_mix || !mixes) return a;
  return from_unit(p, simulated_crossover(to_unit(p, a), to_unit(p, b), crossover_spread, random));
}

double mutated(const Parameter& p, double value, double rate, Stream& random) {
  if (random.uniform() >= rate || std::isnan(value)) return value;
  if (p.kind == Kind::category) return from_unit(p, random.uniform());
  return from_unit(p, polynomial_mutation(to_unit(p, value), mutation_spread, random));
}

}  // namespace

Point Ga::ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
              Stream& random) const {
  const auto size = static_cast<std::size_t>(std::max(2.0, std::floor(population)));
  const std::size_t complete = complete_generations(earlier, 0, size).size() * size;
  if (complete == 0) return Random{}.ask(space, earlier, seed, random);
  const std::vector<std::size_t> best = ranked(earlier.first(complete));
  const auto winner = [&]() -> const Point& {  // the first in rank of two
    const std::uint64_t one = random.below(size), other = random.below(size);
    return earlier[best[std::min(one, other)]].point;
  };
  const Point &a = winner(), &b = winner();
  const bool numbers_mix = random.uniform() < crossover_rate;
  Point child(a.size());
  for (std::size_t p = 0; p < child.size(); ++p) {
    child[p] = crossed(space.parameters[p], a[p], b[p], numbers_mix, random);
    child[p] = mutated(space.parameters[p], child[p], 1 / static_cast<double>(child.size()), random);
  }
  return completed(space, std::move(child), random);
}

}  // namespace basin::search::samplers
