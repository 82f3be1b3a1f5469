// GA: children of the best points so far, by crossover and mutation.
//
// Paper    Holland, Adaptation in Natural and Artificial Systems, 1975; Deb, Multi-Objective Optimization
//          using Evolutionary Algorithms, 2001
// Start    `population` trials at random
// Parents  two winners of tournaments of two among the `population` best of all complete generations, so that
//          the best are never lost
// Child    of every number with probability 1/2, simulated binary crossover (spread 15) at a rate of 0.9; of
//          a category, that of either parent. Mutation with probability 1 / parameters: a number moves nearby
//          (polynomial, spread 20), a category is drawn anew
// Use      for objectives with steps and plateaus, and many trials
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Ga {
  static constexpr Info info{.name = "ga",
                             .title = "Genetic algorithm",
                             .help = "children of the best points; steps and plateaus, many trials",
                             .paper = "Holland, 1975; Deb, 2001"};
  static constexpr std::string_view name = info.name;
  Growth population = 20;  // trials of a generation
  BASIN_KNOBS(population)

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
