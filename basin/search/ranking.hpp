// The order of results, best first.
#pragma once
#include "basin/search/sampler.hpp"

namespace basin::search {

// Whether a result may be seen.
inline bool is_finished(const Observation& o) { return !o.values.empty(); }
// Whether a finished trial diverged or failed.
bool has_failed(const Observation& o);

// Returns the numbers of the finished trials, best first: those that ran to their end, by their first value;
// those that were pruned, the furthest first, then by value; those that failed. Equals keep their order.
std::vector<std::size_t> ranked(std::span<const Observation> earlier);

}  // namespace basin::search
