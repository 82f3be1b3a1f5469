// Where a Gaussian process expects the largest improvement.
//
// Source   optuna 5.0, optuna/_gp/optim_mixed.py
// Search   2048 shifted Sobol points and the best point so far; from the best of these and nine drawn by
//          their improvement, upwards: numbers by L-BFGS in units of their lengths, then every integer and
//          category by all of its values, or by 16 of them; again while anything improves
#pragma once
#include "basin/core/philox.hpp"
#include "basin/search/gaussian_process.hpp"
#include "basin/search/space.hpp"

namespace basin::search {

// One coordinate for each parameter: its place in [0, 1], the index of a choice; the middle for a parameter
// that is not there.
Eigen::VectorXd coordinates_of(const Space& space, const Point& point);
Point point_of(const Space& space, const Eigen::VectorXd& x);

// Returns points whose log EI over `best` is high, best first: those that the search upwards ended at, then
// the Sobol points. `incumbent`: the best point so far.
std::vector<Point> promising_points(const Space& space, const GaussianProcess& process, double best,
                                    const Eigen::VectorXd& incumbent, Stream& random);

}  // namespace basin::search
