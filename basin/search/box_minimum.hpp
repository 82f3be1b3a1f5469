// The minimum of a smooth function in a box, by L-BFGS on the coordinates that are free to move.
//
// Paper     Bertsekas, Projected Newton methods for optimization problems with simple constraints, 1982;
//           Nocedal, Updating quasi-Newton matrices with limited storage, 1980
#pragma once
#include <Eigen/Core>
#include <functional>

namespace basin::search {

struct Box {
  Eigen::VectorXd low, high;
};

// Returns the value at `x` and writes the gradient. Infinity where it is not defined.
using Smooth = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct Minimum {
  Eigen::VectorXd x;
  double value;
};

// Starts at `x`, moved into the box. Ends where no coordinate's gradient, projected onto the box, is larger
// than `tolerance`, after `most_steps`, or where no step leads down.
Minimum minimum_in_box(const Smooth& f, Eigen::VectorXd x, const Box& box, double tolerance, int most_steps);

}  // namespace basin::search
