// TPE: draws points where the good ones lie dense, and takes the one where the others lie thin.
//
// Paper    Bergstra, Bardenet, Bengio & Kegl, Algorithms for Hyper-Parameter Optimization, NeurIPS 2011;
//          Watanabe, Tree-structured Parzen estimator, 2023
// Step     l: density of the best min(ceil(n / 10), 25) of n results; g: density of the others (parzen.hpp).
//          Takes the one of 24 draws from l with the largest log l - log g
// Running  trials without a result count as bad ones, so that nobody tries the same twice ("constant liar")
// Pruned   trials stand behind those that ended, the furthest first (ranking.hpp)
// Departs  optuna draws a conditional parameter on its own; here, trials without it say nothing about it. It
//          rounds an integer on a log scale; here, it has the probability of its interval
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Tpe {
  static constexpr Info info{.name = "tpe",
                             .title = "Tree-structured Parzen estimator",
                             .help = "draws where good points lie dense and bad ones thin; any space",
                             .paper = "Bergstra et al., NeurIPS 2011"};
  static constexpr std::string_view name = info.name;
  Steps startup = 10;         // trials before the model, drawn at random
  Span candidates = 24;       // draws from l
  Fraction multivariate = 1;  // 0: every parameter on its own
  BASIN_KNOBS(startup, candidates, multivariate)

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

// Returns how many of `finished` results count as good.
std::size_t good_ones(std::size_t finished);

}  // namespace basin::search::samplers
