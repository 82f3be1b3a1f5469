// Generations of a population, found again in the results of a search.
#pragma once
#include "basin/search/sampler.hpp"

namespace basin::search {

// Returns the generations whose results may all be seen, up to the first that lacks one: the trials from
// number `first` on, `size` at a time. What they teach is known to every trial from then on, so that a search
// whose results arrive late learns from the newest complete generation.
std::vector<std::span<const Observation>> complete_generations(std::span<const Observation> earlier,
                                                               std::size_t first, std::size_t size);

}  // namespace basin::search
