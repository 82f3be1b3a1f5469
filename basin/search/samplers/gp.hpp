// GP: a Gaussian process models the results; the next trial is where it expects the largest improvement.
//
// Paper    Snoek, Larochelle & Adams, Practical Bayesian Optimization, NeurIPS 2012; Ament et al., NeurIPS
//          2023
// Model    gaussian_process.hpp over the unit cube, of values with mean 0 and deviation 1; failed trials
//          count as the worst that did not fail, pruned ones as no better than the median
// Step     the point with the largest log EI (acquisition.hpp) that was not tried
// Running  trials without a result count as if the model's mean had come out ("kriging believer")
// Departs  optuna averages over 128 fantasies of the running trials, and leaves pruned trials out
// Cost     n^3: 0.1 s after 200 trials
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Gp {
  static constexpr Info info{.name = "gp",
                             .title = "Gaussian process with log EI",
                             .help = "models the results; up to 15 parameters and 300 trials",
                             .paper = "Snoek et al., NeurIPS 2012; Ament et al., NeurIPS 2023"};
  static constexpr std::string_view name = info.name;
  Steps startup = 10;          // trials before the model, drawn at random
  Fraction deterministic = 0;  // 1: a point has one value, without noise
  BASIN_KNOBS(startup, deterministic)

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
