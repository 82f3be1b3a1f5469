// How a child comes from its parents: crossover and mutation.
#pragma once
#include "basin/core/philox.hpp"
#include "basin/search/space.hpp"

namespace basin::search {

// Returns a value in [0, 1] near one of two, as far from it as they lie apart: simulated binary crossover.
//
// Paper     Deb & Agrawal, Simulated Binary Crossover for Continuous Search Space, 1995; with the bounds of
//           Deb, 2001
// spread    the larger, the nearer; 15 is usual
double simulated_crossover(double a, double b, double spread, Stream& random);
// Returns a value in [0, 1] near `x`: polynomial mutation.
//
// Paper     Deb & Goyal, A Combined Genetic Adaptive Search for Engineering Design, 1996
// spread    the larger, the nearer; 20 is usual
double polynomial_mutation(double x, double spread, Stream& random);

// Returns `point` with a random value for every parameter that is there and has none, and without those that
// are not there.
Point completed(const Space& space, Point point, Stream& random);

}  // namespace basin::search
