// Population-based training: members train side by side; after each generation the worst go on from the
// weights of the best, with other settings.
//
// Paper    Jaderberg et al., Population Based Training of Neural Networks, 2017
// Exploit  a member among the lowest quarter copies one drawn from the highest quarter: its weights, its
//          optimizer's state and its settings (truncation selection)
// Explore  each copied setting is drawn anew with probability 0.25, else multiplied by 1.2 or 0.8; on a
//          complement-log scale, what is missing to 1 is. An integer moves by one at least; a category
//          changes only when it is drawn anew. Every setting stays in its range.
//
// Everything is a function of (seed, generation, member, results), so that any number of workers gives the
// same lineage, and a study that is resumed goes on with it.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "basin/search/space.hpp"

namespace basin::search {

struct PopulationRule {
  double quantile = 0.25;  // of the members that copy, and of those that are copied; at most 0.5
  double up = 1.2, down = 0.8;
  double resample = 0.25;  // the probability that a copied setting is drawn anew
};

// How a member begins a generation.
struct Member {
  int parent = 0;  // the member of the generation before whose weights it continues: itself, if it stays
  Point point;     // its settings; as they were, if it stays
};

// Returns how a member begins `generation`, from 1, given the settings and results of all members in the one
// before; generation 0 is any sampler's.
//
// Requires  the space holds nothing that decides what the copied state means: neither the optimizer nor
//           layers. results[i] belongs to points[i]; smaller is better, infinity or NaN for a diverged
//           member, which ranks last. Between equals, the lower number ranks first.
// Value     the number of members that copy is quantile x members, rounded down, but 1 of two or three; a
//           single member stays
Member successor(const Space& space, std::span<const Point> points, std::span<const double> results,
                 std::uint64_t seed, int generation, int member, const PopulationRule& rule = {});

// Returns the line of descent of a member of the last generation: the member in each generation whose weights
// it continues, the first one first. `parents` holds, for each generation after the first, each member's
// parent.
std::vector<int> lineage(std::span<const std::vector<int>> parents, int member);

}  // namespace basin::search
