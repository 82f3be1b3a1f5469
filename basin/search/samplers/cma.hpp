// CMA-ES: a normal distribution that moves, stretches and turns towards the better half of each generation.
//
// Paper    Hansen, The CMA Evolution Strategy: A Tutorial, 2016; cma_state.hpp
// Start    the middle of the space, a sixth of it as the deviation; the first trial is drawn at random
// Step     trial 1 and those after it in generations of 4 + floor(3 ln n), over the n numbers of the space. A
//          generation in which every trial failed teaches nothing
// Bounds   a point outside is drawn again, 100 times at most, then moved to the border
// Others   categories are drawn at random; an integer keeps a deviation of a third of a step
// Use      for numbers that depend on each other, from 100 trials on
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Cma {
  static constexpr Info info{.name = "cma",
                             .title = "CMA-ES",
                             .help = "a normal distribution that adapts; numbers that depend on each other",
                             .paper = "Hansen, 2016"};
  static constexpr std::string_view name = info.name;
  Steps startup = 1;     // trials before the first generation, drawn at random
  Steps population = 0;  // trials of a generation; 0: 4 + floor(3 ln n)
  BASIN_KNOBS(startup, population)

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
