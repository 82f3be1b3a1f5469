// Which results are better in no objective than another one's, and how alone they stand.
//
// Paper    Deb, Pratap, Agarwal & Meyarivan, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II,
//          2002
#pragma once
#include "basin/search/sampler.hpp"

namespace basin::search {

// Whether `a` is better than `b` in one objective, and worse in none. A pruned trial is dominated by all that
// got further, a failed one by all that did not fail. Both must be finished, with as many objectives.
bool dominates(const Observation& a, const Observation& b);

// Returns the numbers of the finished trials in fronts: the first holds those that nobody dominates, the next
// those that only the fronts before it dominate. Numbers ascend within a front.
// Cost      n^2 objectives
std::vector<std::vector<std::size_t>> fronts_of(std::span<const Observation> observations);

// Returns how far the neighbours of each member of a front lie from each other, summed over the objectives in
// units of the front's range; infinity at its ends, 0 for those that failed.
std::vector<double> crowding_of(std::span<const Observation> observations,
                                std::span<const std::size_t> front);

}  // namespace basin::search
