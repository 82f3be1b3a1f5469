#include "basin/search/samplers/random.hpp"

#include "basin/search/unit.hpp"

namespace basin::search::samplers {

Point Random::ask(const Space& space, std::span<const Observation>, std::uint64_t, Stream& random) const {
  std::vector<double> unit(space.parameters.size());
  for (double& u : unit) u = random.uniform();
  return from_unit(space, unit);
}

}  // namespace basin::search::samplers
