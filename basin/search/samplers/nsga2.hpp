// NSGA-II: a genetic algorithm for several objectives; keeps a population along the Pareto front.
//
// Paper    Deb, Pratap, Agarwal & Meyarivan, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II,
//          2002
// Source   optuna 5.0, NSGAIISampler
// Start    `population` trials at random
// Keeps    from the population and its children, front after front (pareto.hpp); of the last front that finds
//          room, those that stand most alone
// Parents  two winners of tournaments of two: the better front, then the one more alone
// Child    the first parent; with probability 0.9, each value is that of either. With probability
//          1 / parameters, a value is drawn anew
// Use      for accuracy against seconds or memory; needs several populations of trials
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Nsga2 {
  static constexpr Info info{.name = "nsga2",
                             .title = "NSGA-II",
                             .help = "keeps a population along the Pareto front of several objectives",
                             .paper = "Deb et al., IEEE TEVC 2002",
                             .several = true};
  static constexpr std::string_view name = info.name;
  Growth population = 50;  // trials of a generation
  BASIN_KNOBS(population)

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
