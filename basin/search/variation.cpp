#include "basin/search/variation.hpp"

#include <algorithm>
#include <cmath>

#include "basin/search/unit.hpp"

namespace basin::search {

double simulated_crossover(double a, double b, double spread, Stream& random) {
  const double u = random.uniform();
  const bool lower = random.uniform() < 0.5;
  const auto [low, high] = std::minmax(a, b);
  if (high - low < 1e-14) return a;
  const double room = lower ? low : 1 - high;  // to the bound on this side
  const double beta = 1 + 2 * room / (high - low), alpha = 2 - std::pow(beta, -(spread + 1));
  const double q = std::pow(u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha), 1 / (spread + 1));
  const double child = (low + high + (lower ? -q : q) * (high - low)) / 2;
  return std::clamp(child, 0.0, 1.0);
}

double polynomial_mutation(double x, double spread, Stream& random) {
  const double u = random.uniform(), power = spread + 1;
  const double step = u < 0.5 ? std::pow(2 * u + (1 - 2 * u) * std::pow(1 - x, power), 1 / power) - 1
                              : 1 - std::pow(2 * (1 - u) + (2 * u - 1) * std::pow(x, power), 1 / power);
  return std::clamp(x + step, 0.0, 1.0);
}

Point completed(const Space& space, Point point, Stream& random) {
  for (std::size_t p = 0; p < point.size(); ++p) {
    const double drawn = random.uniform();
    if (!is_there(space, point, p))
      point[p] = not_known;
    else if (std::isnan(point[p]))
      point[p] = from_unit(space.parameters[p], drawn);
  }
  return point;
}

}  // namespace basin::search
