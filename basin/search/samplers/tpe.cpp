#include "basin/search/samplers/tpe.hpp"

#include <algorithm>
#include <cmath>

#include "basin/search/parzen.hpp"
#include "basin/search/ranking.hpp"
#include "basin/search/samplers/random.hpp"
#include "basin/search/unit.hpp"

namespace basin::search::samplers {
namespace {

struct Halves {
  std::vector<Point> good, others;  // oldest first
};

Halves halves_of(std::span<const Observation> earlier, std::span<const std::size_t> order) {
  std::vector<bool> is_good(earlier.size());
  for (const std::size_t number : order.first(good_ones(order.size()))) is_good[number] = true;
  Halves out;
  for (std::size_t i = 0; i < earlier.size(); ++i)
    (is_good[i] ? out.good : out.others).push_back(earlier[i].point);
  return out;
}

Point best_draw(const Space& space, const Halves& halves, int candidates, Stream& random) {
  const Parzen l(space, halves.good), g(space, halves.others);
  std::vector<Point> draws;
  for (int i = 0; i < candidates; ++i) draws.push_back(l.draw(random));
  const std::vector<double> log_l = l.log_density(draws), log_g = g.log_density(draws);
  std::size_t best = 0;
  for (std::size_t i = 1; i < draws.size(); ++i)
    if (log_l[i] - log_g[i] > log_l[best] - log_g[best]) best = i;
  return draws[best];
}

// The values of one parameter as points, from the trials that have it.
std::vector<Point> alone(const std::vector<Point>& points, std::size_t parameter) {
  std::vector<Point> out;
  for (const Point& point : points)
    if (!std::isnan(point[parameter])) out.push_back({point[parameter]});
  return out;
}

Point one_by_one(const Space& space, const Halves& halves, int candidates, Stream& random) {
  Point out(space.parameters.size(), not_known);
  for (std::size_t p = 0; p < out.size(); ++p) {
    if (!is_there(space, out, p)) continue;
    Space line{{space.parameters[p]}};
    line.parameters[0].parent.clear();
    out[p] = best_draw(line, {alone(halves.good, p), alone(halves.others, p)}, candidates, random)[0];
  }
  return out;
}

}  // namespace

std::size_t good_ones(std::size_t finished) { return std::min<std::size_t>((finished + 9) / 10, 25); }

Point Tpe::ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
               Stream& random) const {
  const std::vector<std::size_t> order = ranked(earlier);
  if (static_cast<double>(earlier.size()) < startup || order.empty())
    return Random{}.ask(space, earlier, seed, random);
  const Halves halves = halves_of(earlier, order);
  const int draws = std::max(1, static_cast<int>(candidates));
  return multivariate > 0 ? best_draw(space, halves, draws, random)
                          : one_by_one(space, halves, draws, random);
}

}  // namespace basin::search::samplers
