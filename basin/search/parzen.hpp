// A density over a space, from points: one kernel for each point, and the prior.
//
// Source   optuna 5.0, _ParzenEstimator; Watanabe, Tree-structured Parzen estimator, 2023
// Kernel   of a number: a normal distribution on the scale of the parameter, cut off at the ends of its
//          range. Its deviation is the larger gap to the neighbouring points; at either end of them, the only
//          gap. It is at least range / min(100, 1 + kernels) and at most range
//          of an integer: the probability of the half step to either side
//          of a category: 1 for its choice and 1 / kernels for every choice, divided by their sum
// Prior    the middle of the range, with the range as its deviation; all choices alike
// Joint    a kernel is the product over the parameters. A point that lacks a parameter has the prior there
// Weights  1 for the prior and for the last 25 points, falling to 1 / points for the oldest
#pragma once
#include <Eigen/Core>
#include <span>
#include <vector>

#include "basin/core/philox.hpp"
#include "basin/search/space.hpp"

namespace basin::search {

// Returns the weights of `count` points, oldest first.
std::vector<double> point_weights(std::size_t count);

// The kernels of one parameter: one for each point, and the prior last.
struct Marginal {
  const Parameter& parameter;
  Eigen::ArrayXd mean, deviation;  // in positions
  Eigen::ArrayXd log_scale;        // log of the normal density's divisor, of the share inside the range
  Eigen::ArrayXd inverse;          // 1 / (sqrt2 deviation)
  Eigen::ArrayXXd log_share;       // category: a row for each kernel, a column for each choice

  // `values` holds NaN for a point that lacks the parameter.
  Marginal(const Parameter& p, const std::vector<double>& values);
  // Adds the logarithms of the kernels' densities in positions, or of their probabilities, at a value.
  void add_log_density(double value, Eigen::ArrayXd& sums) const;
  double draw(std::size_t kernel, Stream& random) const;
};

class Parzen {
 public:
  // `points` are ordered oldest first. `space` must outlive the density.
  Parzen(const Space& space, std::span<const Point> points);

  Point draw(Stream& random) const;
  // Returns the logarithm of the density at each point, over the parameters that it has.
  // Cost      2 ns for each point, kernel and parameter, and 5 ns for each point and kernel
  std::vector<double> log_density(std::span<const Point> points) const;

 private:
  const Space& space_;
  std::vector<Marginal> marginals_;
  std::vector<double> cumulated_;  // weights
  Eigen::ArrayXd log_weight_;
};

}  // namespace basin::search
