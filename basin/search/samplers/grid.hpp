// Grid: every combination of a few levels of each parameter, in shuffled order.
//
// Order    shuffled, so that a search that is cut short has seen all of the space
// Ends     after the last cell
// Use      for two or three parameters, and where the picture needs a full table
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Grid {
  static constexpr Info info{.name = "grid",
                             .title = "Grid search",
                             .help = "every combination of some levels of each parameter, in shuffled order",
                             .paper = "optuna's GridSampler",
                             .several = true};
  static constexpr std::string_view name = info.name;
  Growth levels = 5;  // of a real parameter, and of an integer that has more values
  BASIN_KNOBS(levels)

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
