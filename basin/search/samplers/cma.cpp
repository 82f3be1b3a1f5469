#include "basin/search/samplers/cma.hpp"

#include <algorithm>
#include <cmath>

#include "basin/search/cma_state.hpp"
#include "basin/search/generations.hpp"
#include "basin/search/normal.hpp"
#include "basin/search/ranking.hpp"
#include "basin/search/samplers/random.hpp"
#include "basin/search/unit.hpp"

namespace basin::search::samplers {
namespace {

constexpr int most_draws = 100;            // as cmaes
constexpr double integer_margin = 1. / 3;  // of a step: one draw in seven leaves the middle of its interval

std::vector<std::size_t> numbers_of(const Space& space) {
  std::vector<std::size_t> out;
  for (std::size_t p = 0; p < space.parameters.size(); ++p)
    if (space.parameters[p].kind != Kind::category) out.push_back(p);
  return out;
}

// Returns the points of a generation, best first, in the columns. A number that is not there lies at the
// mean.
Eigen::MatrixXd columns_of(const Space& space, std::span<const Observation> generation,
                           std::span<const std::size_t> numbers, const Eigen::VectorXd& mean) {
  Eigen::MatrixXd out(mean.size(), static_cast<Eigen::Index>(generation.size()));
  Eigen::Index column = 0;
  for (const std::size_t best : ranked(generation)) {
    for (Eigen::Index i = 0; i < mean.size(); ++i) {
      const std::size_t p = numbers[static_cast<std::size_t>(i)];
      const double value = generation[best].point[p];
      out(i, column) = std::isnan(value) ? mean[i] : to_unit(space.parameters[p], value);
    }
    ++column;
  }
  return out;
}

CmaState learned(const Space& space, std::span<const Observation> earlier,
                 std::span<const std::size_t> numbers, std::size_t first, std::size_t size) {
  CmaState state(static_cast<Eigen::Index>(numbers.size()), static_cast<Eigen::Index>(size));
  for (const auto generation : complete_generations(earlier, first, size))
    if (!std::ranges::all_of(generation, has_failed))
      state.update(columns_of(space, generation, numbers, state.mean()));
  return state;
}

Eigen::VectorXd normal_vector(Eigen::Index size, Stream& random) {
  Eigen::VectorXd out(size);
  for (double& z : out) z = normal_quantile(random.uniform());
  return out;
}

// Returns a point of the distribution in the unit cube, with the least deviation that integers keep.
Eigen::VectorXd drawn(const CmaState& state, const Eigen::VectorXd& margins, Stream& random) {
  const Eigen::VectorXd lacking =
      (margins.cwiseAbs2() - state.deviations().cwiseAbs2()).cwiseMax(0).cwiseSqrt();
  Eigen::VectorXd x;
  for (int i = 0; i < most_draws; ++i) {
    x = state.at(normal_vector(margins.size(), random));
    if ((lacking.array() > 0).any()) x += lacking.cwiseProduct(normal_vector(margins.size(), random));
    if ((x.array() >= 0).all() && (x.array() <= 1).all()) return x;
  }
  return x.cwiseMax(0).cwiseMin(1);
}

}  // namespace

Point Cma::ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
               Stream& random) const {
  const std::vector<std::size_t> numbers = numbers_of(space);
  const auto n = static_cast<Eigen::Index>(numbers.size());
  const auto first = static_cast<std::size_t>(startup);
  if (n == 0 || earlier.size() < first) return Random{}.ask(space, earlier, seed, random);
  const auto size = population >= 2 ? static_cast<std::size_t>(population)
                                    : static_cast<std::size_t>(CmaConstants::default_size(n));
  Eigen::VectorXd margins = Eigen::VectorXd::Zero(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Parameter& p = space.parameters[numbers[static_cast<std::size_t>(i)]];
    if (is_discrete(p)) margins[i] = integer_margin / (p.high - p.low + 1);
  }
  const Eigen::VectorXd x = drawn(learned(space, earlier, numbers, first, size), margins, random);
  std::vector<double> unit(space.parameters.size());
  for (double& u : unit) u = random.uniform();
  for (Eigen::Index i = 0; i < n; ++i) unit[numbers[static_cast<std::size_t>(i)]] = x[i];
  return from_unit(space, unit);
}

}  // namespace basin::search::samplers
