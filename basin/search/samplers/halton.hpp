// Halton: a scrambled sequence over the first primes; trial k takes point k.
//
// Paper    Halton, 1960; Matousek, On the L2-discrepancy for anchored boxes, 1998; sequences.hpp
// Use      as Sobol, where the number of trials is not a power of two
// Departs  AlgoPerf takes the primes just below 1000 and skips 100 points
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Halton {
  static constexpr Info info{.name = "halton",
                             .title = "Halton sequence, scrambled",
                             .help = "fills the space evenly for any number of trials",
                             .paper = "Halton, 1960; Matousek, 1998",
                             .several = true};
  static constexpr std::string_view name = info.name;
  BASIN_NO_KNOBS

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
