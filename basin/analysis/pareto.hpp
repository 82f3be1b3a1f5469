// The front of several objectives: the points of which none is better in everything.
#pragma once
#include <cstddef>
#include <vector>

namespace basin::analysis {

// Returns the indices of the points that no other point dominates, in their order. A point dominates another
// if it is nowhere worse and somewhere better; smaller is better. Equal points are all in the front; a point
// with a NaN never is.
//
// Requires  points of equal length
// Cost      O(n^2)
std::vector<std::size_t> pareto_front(const std::vector<std::vector<double>>& points);

}  // namespace basin::analysis
