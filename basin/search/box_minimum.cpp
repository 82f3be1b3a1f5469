#include "basin/search/box_minimum.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

namespace basin::search {
namespace {

constexpr std::size_t memory = 10;  // as L-BFGS-B
constexpr int most_halvings = 20;
constexpr double enough = 1e-4;  // of the decrease that the slope promises (Armijo)

struct Pair {
  Eigen::VectorXd step, change;  // of x and of the gradient
  double scale;                  // 1 / step'change
};

// Returns -H g, where H is what the pairs know of the inverse Hessian.
Eigen::VectorXd direction(const std::deque<Pair>& pairs, const Eigen::VectorXd& gradient) {
  Eigen::VectorXd d = -gradient;
  std::vector<double> alpha(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    alpha[i] = pairs[i].scale * pairs[i].step.dot(d);
    d -= alpha[i] * pairs[i].change;
  }
  if (!pairs.empty()) d *= 1 / (pairs.back().scale * pairs.back().change.squaredNorm());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    d += (alpha[i] - pairs[i].scale * pairs[i].change.dot(d)) * pairs[i].step;
  return d;
}

Eigen::VectorXd inside(const Eigen::VectorXd& x, const Box& box) {
  return x.cwiseMax(box.low).cwiseMin(box.high);
}

// Returns 1 for a coordinate that may move, 0 for one that its gradient presses against the border.
Eigen::VectorXd free_ones(const Eigen::VectorXd& x, const Eigen::VectorXd& gradient, const Box& box) {
  Eigen::VectorXd out = Eigen::VectorXd::Ones(x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i)
    if ((x[i] <= box.low[i] && gradient[i] > 0) || (x[i] >= box.high[i] && gradient[i] < 0)) out[i] = 0;
  return out;
}

}  // namespace

Minimum minimum_in_box(const Smooth& f, Eigen::VectorXd x, const Box& box, double tolerance, int most_steps) {
  x = inside(x, box);
  Eigen::VectorXd gradient(x.size()), next_gradient(x.size());
  double value = f(x, gradient);
  std::deque<Pair> pairs;
  for (int step = 0; step < most_steps; ++step) {
    const Eigen::VectorXd open = free_ones(x, gradient, box);
    const Eigen::VectorXd slope = gradient.cwiseProduct(open);
    if (!(slope.cwiseAbs().maxCoeff() > tolerance)) break;
    Eigen::VectorXd d = direction(pairs, slope).cwiseProduct(open);
    if (!(d.dot(slope) < 0)) {
      pairs.clear();
      d = -slope;
    }
    double length = pairs.empty() ? std::min(1.0, 1 / slope.lpNorm<1>()) : 1;
    Eigen::VectorXd next;
    double next_value = value;
    bool lower = false;
    for (int half = 0; half < most_halvings && !lower; ++half, length /= 2) {
      next = inside(x + length * d, box);
      next_value = f(next, next_gradient);
      lower = next_value <= value + enough * slope.dot(next - x);
    }
    if (!lower) break;
    const Eigen::VectorXd moved = next - x, change = next_gradient - gradient;
    if (moved.dot(change) > 1e-10 * change.squaredNorm()) {
      pairs.push_back({moved, change, 1 / moved.dot(change)});
      if (pairs.size() > memory) pairs.pop_front();
    }
    x = next;
    value = next_value;
    gradient = next_gradient;
  }
  return {x, value};
}

}  // namespace basin::search
