#include "basin/search/samplers/sobol.hpp"

#include "basin/search/sequences.hpp"
#include "basin/search/unit.hpp"

namespace basin::search::samplers {

Point Sobol::ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
                 Stream&) const {
  return from_unit(
      space, scrambled_sobol(earlier.size(), space.parameters.size(), Stream(seed, 0, "sobol").next64()));
}

}  // namespace basin::search::samplers
