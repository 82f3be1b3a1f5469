// Sobol: a scrambled sequence that fills the space evenly; trial k takes point k.
//
// Paper    Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences, 1995; sequences.hpp
// Use      to explore; twice its trials rival a sampler with a model. Most even after 2^k trials
#pragma once
#include "basin/core/knobs.hpp"
#include "basin/search/sampler.hpp"

namespace basin::search::samplers {

struct Sobol {
  static constexpr Info info{.name = "sobol",
                             .title = "Sobol sequence, scrambled",
                             .help = "fills the space evenly, most so after 2^k trials",
                             .paper = "Joe & Kuo, 2008; Owen, 1995",
                             .several = true};
  static constexpr std::string_view name = info.name;
  BASIN_NO_KNOBS

  Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
            Stream& random) const;
};

}  // namespace basin::search::samplers
