// The next point of a search. No configuration is evaluated twice.
#pragma once
#include <cstdint>
#include <optional>

#include "basin/search/sampler.hpp"

namespace basin::search {

// Returns the point of trial `number`. Where the sampler chooses a configuration that an earlier trial has,
// it is asked again with fresh random numbers; after that, a point is drawn at random, and at last the first
// one that nobody has tried. Returns nothing if there is none: every configuration of a finite space was
// tried, or every cell of a grid.
//
// Requires  a space that `check` accepts; earlier.size() == number
// Cost      the sampler's, and 3 ns for each earlier trial
std::optional<Point> suggest(const Sampler& sampler, const Space& space, std::span<const Observation> earlier,
                             std::uint64_t seed, std::uint64_t number);

}  // namespace basin::search
