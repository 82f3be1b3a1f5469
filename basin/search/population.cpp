#include "basin/search/population.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "basin/core/philox.hpp"
#include "basin/search/unit.hpp"

namespace basin::search {
namespace {

// The members, best first.
std::vector<int> ranked(std::span<const double> results) {
  std::vector<int> order(results.size());
  std::iota(order.begin(), order.end(), 0);
  const auto worth = [&](int member) {
    const double result = results[static_cast<std::size_t>(member)];
    return std::isnan(result) ? std::numeric_limits<double>::infinity() : result;
  };
  std::ranges::stable_sort(order, {}, worth);
  return order;
}

std::size_t copies_of(std::size_t members, double quantile) {
  if (members < 2) return 0;
  return std::max<std::size_t>(1, static_cast<std::size_t>(quantile * static_cast<double>(members)));
}

double moved(const Parameter& p, double value, double factor) {
  const bool complement = p.scale == Scale::complement_log;
  double next = complement ? 1 - (1 - value) * factor : value * factor;
  if (p.kind == Kind::integer) {
    next = std::round(next);
    if (next == value) next += factor > 1 ? 1 : -1;
  }
  return std::clamp(next, p.low, p.high);
}

// Makes the same draws whatever the settings are, so that one setting does not decide about another.
double explored(const Parameter& p, double value, Stream& random, const PopulationRule& rule) {
  const bool anew = random.uniform() < rule.resample;
  const double factor = random.uniform() < 0.5 ? rule.up : rule.down;
  const double drawn = from_unit(p, random.uniform());
  if (anew || std::isnan(value)) return drawn;  // it was not there; `settled` says whether it is now
  return p.kind == Kind::category ? value : moved(p, value, factor);
}

}  // namespace

Member successor(const Space& space, std::span<const Point> points, std::span<const double> results,
                 std::uint64_t seed, int generation, int member, const PopulationRule& rule) {
  const auto order = ranked(results);
  const std::size_t copies = copies_of(order.size(), rule.quantile);
  const auto rank = static_cast<std::size_t>(std::ranges::find(order, member) - order.begin());
  if (rank + copies < order.size() || copies == 0)
    return {.parent = member, .point = points[static_cast<std::size_t>(member)]};

  Stream random(seed, static_cast<std::uint64_t>(member), "population",
                static_cast<std::uint64_t>(generation));
  Member next{.parent = order[random.below(copies)], .point = {}};
  next.point = points[static_cast<std::size_t>(next.parent)];
  for (std::size_t i = 0; i < next.point.size(); ++i)
    next.point[i] = explored(space.parameters[i], next.point[i], random, rule);
  next.point = settled(space, std::move(next.point));
  return next;
}

std::vector<int> lineage(std::span<const std::vector<int>> parents, int member) {
  std::vector<int> line{member};
  for (std::size_t generation = parents.size(); generation-- > 0;)
    line.push_back(member = parents[generation][static_cast<std::size_t>(member)]);
  std::ranges::reverse(line);
  return line;
}

}  // namespace basin::search
