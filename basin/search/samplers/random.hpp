// Random search: every parameter uniform on its scale.
//
// Paper    Bergstra & Bengio, Random Search for Hyper-Parameter Optimization, JMLR 2012
// Use      as the yardstick; beats a grid when few parameters matter
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Random {
  static constexpr Info info{.name = "random",
                             .title = "Random search",
                             .help = "uniform on the scale of every parameter",
                             .paper = "Bergstra & Bengio, JMLR 2012",
                             .several = true};
  static constexpr std::string_view name = info.name;
  BASIN_NO_KNOBS

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
